package org.cardcage.shell.internal.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What may stand in a command line, read from the usage line of {@link Command.Help}: what help tells and what Tab offers
 * cannot differ.
 *
 * @param options with their dashes, each with the name of its value, or with an empty text
 * @param operands names of the operands in order, alternatives separated by {@code |}
 * @param repeatable whether the last operand may be given again and again
 */
public record Usage(Map<String, String> options, List<String> operands, boolean repeatable) {

    private static final String ELLIPSIS = "...";

    /** @param line as in {@code [-f] [-n LINES] NAME [FILE]...} */
    static Usage of(String line) {
        Map<String, String> options = new TreeMap<>();
        List<String> operands = new ArrayList<>();
        List<String> pending = List.of();
        boolean repeatable = false;
        for (String token : line.isBlank() ? new String[0] : line.split(" ")) {
            String word = token.replace("[", "").replace("]", "").replace(ELLIPSIS, "");
            if (word.startsWith("-")) {
                List<String> names = names(word);
                names.forEach(name -> options.put(name, ""));
                pending = token.endsWith("]") ? List.of() : names;
            } else if (!pending.isEmpty() && !token.startsWith("[") && !word.equals("|")) {
                pending.forEach(name -> options.put(name, word));
                pending = List.of();
            } else {
                pending = List.of();
                if (!word.equals("|")) {
                    operands.add(word);
                    repeatable = token.endsWith(ELLIPSIS);
                }
            }
        }
        return new Usage(options, operands, repeatable);
    }

    /** {@code -n|-nn} is two options, {@code -al} two letters. */
    private static List<String> names(String word) {
        if (word.startsWith("--")
                || word.contains("|")
                || word.chars().distinct().count() < word.length()) {
            return List.of(word.split("\\|"));
        }
        return word.substring(1).chars().mapToObj(letter -> "-" + (char) letter).toList();
    }

    /**
     * Names of what may stand behind these words.
     *
     * @param words those after the command's own name
     */
    public List<String> next(List<String> words) {
        int given = 0;
        Optional<String> value = Optional.empty();
        for (String word : words) {
            boolean used = value.isPresent();
            value = used
                    ? Optional.empty()
                    : Optional.ofNullable(options.get(word)).filter(name -> !name.isEmpty());
            given += used || word.startsWith("-") ? 0 : 1;
        }
        if (value.isPresent()) {
            return List.of(value.get());
        }
        if (given >= operands.size()) {
            return repeatable ? alternatives(operands.size() - 1) : List.of();
        }
        return alternatives(given);
    }

    private List<String> alternatives(int operand) {
        return List.of(operands.get(operand).split("\\|"));
    }
}
