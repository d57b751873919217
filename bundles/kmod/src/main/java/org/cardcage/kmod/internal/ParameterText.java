package org.cardcage.kmod.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * The text behind {@code insmod FILE}, cut into parameters as the kernel does it ({@code next_arg} in {@code
 * lib/cmdline.c}): blanks separate, double quotes keep blanks together, {@code --} ends the parameters.
 */
public final class ParameterText {

    /**
     * One parameter of the text.
     *
     * @param name as written
     * @param value without quotes; null if there was no {@code =}
     */
    public record Assignment(String name, String value) {}

    private ParameterText() {}

    /** The parameters in their order. */
    public static List<Assignment> parse(String text) {
        List<Assignment> all = new ArrayList<>();
        for (String word : words(text)) {
            if (word.equals("--")) {
                break;
            }
            all.add(assignment(word));
        }
        return all;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || (!quoted && Character.isWhitespace(text.charAt(i)))) {
                if (i > from) {
                    words.add(text.substring(from, i));
                }
                from = i + 1;
            } else if (text.charAt(i) == '"') {
                quoted = !quoted;
            }
        }
        return words;
    }

    private static Assignment assignment(String word) {
        String bare = word.startsWith("\"") ? unquote(word) : word;
        int equals = bare.indexOf('=');
        if (equals <= 0) {
            return new Assignment(bare, null);
        }
        return new Assignment(bare.substring(0, equals), unquote(bare.substring(equals + 1)));
    }

    private static String unquote(String text) {
        if (!text.startsWith("\"")) {
            return text;
        }
        boolean closed = text.length() > 1 && text.endsWith("\"");
        return text.substring(1, closed ? text.length() - 1 : text.length());
    }
}
