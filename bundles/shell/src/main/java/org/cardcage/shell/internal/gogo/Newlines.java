package org.cardcage.shell.internal.gogo;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Ends of lines among commands in braces or parentheses. Gogo does not see that a command begins behind one, and would take an
 * assignment there for the name of a command; behind a semicolon it does.
 */
final class Newlines {

    private Newlines() {}

    /** The text with a semicolon behind each end of line that separates commands inside of braces or parentheses. */
    static CharSequence separated(CharSequence text) {
        if (text.chars().noneMatch(c -> c == '\n')) {
            return text;
        }
        StringBuilder separated = new StringBuilder();
        Deque<Character> open = new ArrayDeque<>();
        char quote = 0;
        char before = '\n';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            separated.append(c);
            if (c == '\\' && quote != '\'') {
                i++;
                separated.append(i < text.length() ? text.charAt(i) : "");
            } else if (quote != 0) {
                quote = ends(quote, c) ? 0 : quote;
            } else if (c == '"' || c == '\'' || c == '#' && Character.isWhitespace(before)) {
                quote = c;
            } else if (c == '{' || c == '(' || c == '[') {
                open.push(c);
            } else if ((c == '}' || c == ')' || c == ']') && !open.isEmpty()) {
                open.pop();
            }
            if (c == '\n' && quote == 0 && !open.isEmpty() && open.peek() != '[' && !goesOn(separated)) {
                separated.append(';');
            }
            before = c;
        }
        return separated;
    }

    /** A remark ends with its line. */
    private static boolean ends(char quote, char c) {
        return quote == '#' ? c == '\n' : c == quote;
    }

    /** Whether the line ends with {@code |} or {@code &&}, so that the command goes on. */
    private static boolean goesOn(CharSequence text) {
        int end = text.length();
        while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        boolean pipe = end > 0 && text.charAt(end - 1) == '|';
        return pipe || end > 1 && text.charAt(end - 1) == '&' && text.charAt(end - 2) == '&';
    }
}
