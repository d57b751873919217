package org.cardcage.shell.internal.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Options of a command line, told from operands as {@code getopt(3)} does: single letters that may be run together,
 * values in the same or the next word, operands anywhere, {@code --} ends the options.
 *
 * <p>Threads: immutable once parsed.
 */
public final class Options {

    /** An option that the command does not have, or one without its value. The message is getopt's. */
    public static final class BadOptionException extends RuntimeException {

        private static final long serialVersionUID = 1;

        BadOptionException(String message) {
            super(message);
        }
    }

    /** The user asks for help. The message is getopt's for a command that has no such option. */
    public static final class HelpWantedException extends RuntimeException {

        private static final long serialVersionUID = 1;

        HelpWantedException(String message) {
            super(message);
        }
    }

    /** Sees the options from left to right, for commands in which the first mistake counts. */
    @FunctionalInterface
    public interface Visitor {

        /**
         * An option has been met.
         *
         * @param value empty if the option takes none
         * @return whether the rest is to be parsed
         */
        boolean visit(String option, String value);
    }

    private final String letters;
    private final Visitor visitor;
    private boolean ended;
    private final Map<String, List<String>> given = new HashMap<>();
    private final List<String> operands = new ArrayList<>();

    private Options(String letters, Visitor visitor) {
        this.letters = letters;
        this.visitor = visitor;
    }

    /**
     * @param letters the options, a colon after those that take a value
     * @param words long options without their dashes, none of which takes a value
     * @throws BadOptionException if the words do not fit
     * @throws HelpWantedException for {@code -h} and {@code --help}, if the command has no such options
     */
    public static Options parse(List<String> arguments, String letters, String... words) {
        Options options = new Options(letters, (option, value) -> true);
        options.parse(arguments, List.of(words));
        return options;
    }

    /** Parses without long options; what the visitor throws is passed on, otherwise as above. */
    public static Options parse(List<String> arguments, String letters, Visitor visitor) {
        Options options = new Options(letters, visitor);
        options.parse(arguments, List.of());
        return options;
    }

    private void parse(List<String> arguments, List<String> words) {
        for (int i = 0; i < arguments.size() && !ended; i++) {
            String word = arguments.get(i);
            if (word.equals("--")) {
                operands.addAll(arguments.subList(i + 1, arguments.size()));
                return;
            }
            if (word.startsWith("--")) {
                word(word.substring(2), words);
            } else if (word.length() > 1 && word.startsWith("-")) {
                i += cluster(word, i + 1 < arguments.size() ? Optional.of(arguments.get(i + 1)) : Optional.empty());
            } else {
                operands.add(word);
            }
        }
    }

    private void word(String word, List<String> words) {
        if (words.contains(word)) {
            add(word, "");
        } else if (word.equals("help")) {
            throw new HelpWantedException("unrecognized option '--help'");
        } else {
            throw new BadOptionException("unrecognized option '--" + word + "'");
        }
    }

    /** How many further words the cluster has used. */
    private int cluster(String word, Optional<String> next) {
        for (int i = 1; i < word.length() && !ended; i++) {
            String letter = word.substring(i, i + 1);
            int at = letter.equals(":") ? -1 : letters.indexOf(letter);
            if (at < 0) {
                String message = "invalid option -- '" + letter + "'";
                throw word.equals("-h") ? new HelpWantedException(message) : new BadOptionException(message);
            }
            if (!letters.startsWith(":", at + 1)) {
                add(letter, "");
            } else if (i + 1 < word.length()) {
                add(letter, word.substring(i + 1));
                return 0;
            } else {
                add(
                        letter,
                        next.orElseThrow(
                                () -> new BadOptionException("option requires an argument -- '" + letter + "'")));
                return 1;
            }
        }
        return 0;
    }

    private void add(String option, String value) {
        given.computeIfAbsent(option, o -> new ArrayList<>()).add(value);
        ended |= !visitor.visit(option, value);
    }

    /** Whether the option was given. */
    public boolean has(String option) {
        return given.containsKey(option);
    }

    /** How often the option was given. */
    public int count(String option) {
        return values(option).size();
    }

    /** The values given with the option, in order. */
    public List<String> values(String option) {
        return given.getOrDefault(option, List.of());
    }

    /** The last value given with the option. */
    public Optional<String> value(String option) {
        List<String> all = values(option);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** The words that are no options. */
    public List<String> operands() {
        return operands;
    }
}
