package org.cardcage.shell.internal.gogo;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandSession;
import org.jline.builtins.Completers;
import org.jline.builtins.Completers.CompletionData;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/**
 * Completes what the profile has described with {@code complete}. A completion that fails offers nothing, where Gogo's shell
 * would end.
 */
final class SessionCompleter implements Completer {

    /** Others must be typed with their scope. */
    private static final Set<String> SCOPES = Arrays.stream(GogoCommand.SCOPES.split(":"))
            .map(scope -> scope + ":")
            .collect(Collectors.toSet());

    private final Completers.Completer completer;

    SessionCompleter(CommandSession session) {
        completer = new Completers.Completer(new Environment(session));
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        int before = candidates.size();
        try {
            completer.complete(reader, line, candidates);
        } catch (RuntimeException e) {
            candidates.subList(before, candidates.size()).clear();
        }
    }

    private record Environment(CommandSession session) implements Completers.CompletionEnvironment {

        @Override
        public Map<String, List<CompletionData>> getCompletions() {
            return Shell.getCompletions(session);
        }

        @Override
        public Set<String> getCommands() {
            return Shell.getCommands(session).stream()
                    .filter(name -> SCOPES.contains(name.substring(0, name.indexOf(':') + 1)))
                    .collect(Collectors.toSet());
        }

        @Override
        public String resolveCommand(String command) {
            if (command.contains(":")) {
                return command;
            }
            // the first scope wins, as in the execution of a line; in Shell.resolve the last one does
            return Arrays.stream(String.valueOf(session.get(Shell.VAR_SCOPE)).split(":"))
                    .flatMap(scope -> getCommands().stream()
                            .filter(name -> scope.equals("*")
                                    ? name.endsWith(":" + command)
                                    : name.equals(scope + ":" + command)))
                    .findFirst()
                    .orElse(command);
        }

        @Override
        public String commandName(String command) {
            return command.substring(command.indexOf(':') + 1);
        }

        @Override
        public Object evaluate(LineReader reader, ParsedLine line, String function) throws Exception {
            session.put(Shell.VAR_COMMAND_LINE, line);
            return session.execute(function);
        }
    }
}
