package org.cardcage.shell.internal.gogo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.felix.service.command.CommandSession;
import org.cardcage.shell.internal.command.Command;
import org.cardcage.shell.internal.command.Usage;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/**
 * Completes what stands behind our own commands, from their usage lines, and behind {@code >} and {@code <} for all. The
 * rest is left to the completions that the profile describes.
 *
 * <p>Threads: that of the line editor.
 */
final class CommandCompleter implements Completer {

    private final CommandSession session;
    private final Map<String, Command> commands = new TreeMap<>();
    private final Completer others;

    CommandCompleter(CommandSession session, List<Command> commands, Completer others) {
        this.session = session;
        this.others = others;
        commands.forEach(command -> this.commands.put(command.help().name(), command));
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (line instanceof RedirectionTarget) {
            candidates.addAll(files(line, false));
            return;
        }
        String name = line.words().isEmpty() ? "" : line.words().get(0);
        Command command = commands.get(name.substring(name.indexOf(':') + 1));
        if (command == null || line.wordIndex() < 1) {
            others.complete(reader, line, candidates);
            return;
        }
        Usage usage = command.help().usageWords();
        List<String> before = line.words().subList(1, line.wordIndex());
        if (line.word().startsWith("-")) {
            usage.options().keySet().forEach(option -> candidates.add(new Candidate(option)));
            return;
        }
        for (String kind : usage.next(before)) {
            candidates.addAll(offers(command, kind, before, line));
        }
    }

    private List<Candidate> offers(Command command, String kind, List<String> before, ParsedLine line) {
        return switch (kind) {
            case "FILE", "TARGET" -> files(line, false);
            case "DIRECTORY" -> files(line, true);
            default -> {
                List<Candidate> words = new ArrayList<>();
                command.offers(kind, before).forEach(word -> words.add(new Candidate(word)));
                yield words;
            }
        };
    }

    private List<Candidate> files(ParsedLine line, boolean directories) {
        return FileCandidates.of(session.currentDir(), line, directories);
    }
}
