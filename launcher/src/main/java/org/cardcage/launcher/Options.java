package org.cardcage.launcher;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The command line.
 *
 * @param action what to do at all
 * @param state the state directory
 * @param profile which bundles
 * @param board as in {@link Boards#find}
 * @param command text of {@code -c}
 * @param script file of {@code -f}
 * @param machine what stands behind {@code --}: arguments of the program that is the machine
 */
record Options(
        Action action,
        Path state,
        Profile profile,
        String board,
        Optional<String> command,
        Optional<Path> script,
        List<String> machine) {
    static final String USAGE = """
            Usage: cardcage [--board BOARD] [--profile NAME] [--state DIR] [-c COMMANDS | -f FILE] [-- ARGUMENTS]
                   cardcage --help | --version

              --board BOARD      the machine to build (edu), one of
                                 NAME                a shipped board: edu, pc, q35, qemu
                                 FILE                a feature file
                                 dump:FILE           what lspci -xxxx has printed on any computer
                                 dump-reassign:FILE  the same with new addresses
              --profile NAME     full, or minimal with no more than an EDU card needs (full)
              --state DIR        where the system keeps its files (~/.cardcage)
              -c COMMANDS        run these commands, then stop
              -f FILE            run the commands in a file, then stop
              -- ARGUMENTS       further arguments of QEMU, for the board qemu
              --help             show this text
              --version          show the release

            Without -c and -f, commands come from standard input.
            Exit status: that of the last command, 1 when the system cannot start, 2 for a bad command line.
            """;

    /** A choice of bundles: the feature file {@code cardcage.json} or {@code cardcage-minimal.json}. */
    enum Profile {
        FULL("cardcage.json"),
        MINIMAL("cardcage-minimal.json");

        final String file;

        Profile(String file) {
            this.file = file;
        }
    }

    enum Action {
        RUN,
        HELP,
        VERSION
    }

    static Options parse(String... arguments) throws UsageException {
        Parser parser = new Parser(new ArrayDeque<>(Arrays.asList(arguments)));
        return parser.parse();
    }

    /** One pass over the words. */
    private static final class Parser {
        private final Deque<String> words;
        private Action action = Action.RUN;
        private Path state = Path.of(System.getProperty("user.home"), ".cardcage");
        private Profile profile = Profile.FULL;
        private String board = "edu";
        private Optional<String> command = Optional.empty();
        private Optional<Path> script = Optional.empty();
        private List<String> machine = List.of();

        Parser(Deque<String> words) {
            this.words = words;
        }

        Options parse() throws UsageException {
            while (!words.isEmpty()) {
                option(words.pop());
            }
            if (command.isPresent() && script.isPresent()) {
                throw new UsageException("-c and -f exclude each other");
            }
            return new Options(action, state, profile, board, command, script, machine);
        }

        private void option(String word) throws UsageException {
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            if (equals > 0) {
                words.push(word.substring(equals + 1));
                word = word.substring(0, equals);
            }
            switch (word) {
                case "--board" -> board = value(word);
                case "--profile" -> profile = profile(value(word));
                case "--state" -> state = path(word);
                case "-c" -> command = Optional.of(value(word));
                case "-f" -> script = Optional.of(path(word));
                case "--" -> {
                    machine = List.copyOf(words);
                    words.clear();
                }
                case "--help", "-h" -> action = Action.HELP;
                case "--version" -> action = Action.VERSION;
                default ->
                    throw new UsageException(
                            word.startsWith("-") ? "unknown option " + word : "unexpected argument " + word);
            }
        }

        private static Profile profile(String name) throws UsageException {
            return switch (name) {
                case "full" -> Profile.FULL;
                case "minimal" -> Profile.MINIMAL;
                default -> throw new UsageException("there is no profile " + name + "; use full or minimal");
            };
        }

        private String value(String option) throws UsageException {
            if (words.isEmpty()) {
                throw new UsageException(option + " needs a value");
            }
            return words.pop();
        }

        private Path path(String option) throws UsageException {
            String value = value(option);
            if (value.isEmpty()) {
                throw new UsageException(option + " needs a value");
            }
            try {
                return Path.of(value);
            } catch (InvalidPathException e) {
                throw new UsageException(option + ": " + e.getMessage());
            }
        }
    }
}
