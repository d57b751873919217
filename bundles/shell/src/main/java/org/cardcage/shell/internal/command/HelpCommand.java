package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/** {@code help}: all commands, or how one is used. */
final class HelpCommand implements Command {

    private static final String SYNTAX = """

            Between them: | > >> < 2> & && || ; ( ) { } * ? $? '...' "..." \\ #
            Jobs: jobs, fg. On a terminal also: clear, history, less, keymap, setopt.
            """;

    private final List<Command> commands;

    /**
     * @param commands those that are listed; more may be added to the list while the shell is built
     */
    HelpCommand(List<Command> commands) {
        this.commands = commands;
    }

    @Override
    public Help help() {
        return new Help("help", "[COMMAND]", "list the commands, or tell how one is used", "help lspci");
    }

    @Override
    public int run(Invocation call) throws IOException {
        List<String> words = Options.parse(call.arguments(), "").operands();
        if (words.isEmpty()) {
            list(call);
            return 0;
        }
        int status = 0;
        for (String word : words) {
            status = describe(call, word) ? status : 1;
        }
        return status;
    }

    @Override
    public List<String> offers(String kind, List<String> before) {
        return commands.stream()
                .filter(c -> !(c instanceof NotFound))
                .map(c -> c.help().name())
                .toList();
    }

    private void list(Invocation call) throws IOException {
        List<Help> all = commands.stream()
                .filter(c -> !(c instanceof NotFound))
                .map(Command::help)
                .sorted(Comparator.comparing(Help::name))
                .toList();
        int width = all.stream().mapToInt(h -> h.name().length()).max().orElse(0);
        for (Help help : all) {
            call.println(help.name() + " ".repeat(width + 2 - help.name().length()) + help.title());
        }
        call.print(SYNTAX);
    }

    private boolean describe(Invocation call, String word) throws IOException {
        for (Command command : commands) {
            if (command.help().name().equals(word)) {
                call.print(command.help().text());
                return true;
            }
        }
        call.message(NotFound.SHELL + ": help: no help about '" + word + "'; help alone lists the commands");
        return false;
    }
}
