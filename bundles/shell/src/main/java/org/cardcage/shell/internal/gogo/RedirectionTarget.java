package org.cardcage.shell.internal.gogo;

import java.util.List;
import java.util.Optional;
import org.jline.reader.CompletingParsedLine;

/**
 * A line whose cursor stands in the target of a redirection, which is no word of a command for Gogo's parser.
 *
 * @param start where the target begins
 */
record RedirectionTarget(String line, int cursor, int start) implements CompletingParsedLine {

    /** The target that the cursor stands in, if it does. */
    static Optional<RedirectionTarget> at(String line, int cursor) {
        int start = 0;
        char quote = 0;
        for (int i = 0; i < cursor; i++) {
            char c = line.charAt(i);
            if (c == '\\' && quote != '\'') {
                i++;
            } else if (quote == 0 && isSeparator(c)) {
                start = i + 1;
            } else if (c == '\'' || c == '"') {
                quote = quote == 0 ? c : quote == c ? 0 : quote;
            }
        }
        String before = line.substring(0, start).stripTrailing();
        return before.endsWith(">") || before.endsWith("<")
                ? Optional.of(new RedirectionTarget(line, cursor, start))
                : Optional.empty();
    }

    private static boolean isSeparator(char c) {
        return " \t<>|;&".indexOf(c) >= 0;
    }

    @Override
    public String word() {
        String raw = line.substring(start, cursor).replaceAll("\\\\(.)", "$1");
        return raw.startsWith("'") || raw.startsWith("\"") ? raw.substring(1) : raw;
    }

    @Override
    public int wordCursor() {
        return word().length();
    }

    @Override
    public int wordIndex() {
        return 1;
    }

    @Override
    public List<String> words() {
        return List.of(">", word());
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
        return LineParser.escaped(candidate.toString(), start < line.length() ? line.charAt(start) : 0, complete);
    }

    @Override
    public int rawWordCursor() {
        return cursor - start;
    }

    @Override
    public int rawWordLength() {
        return cursor - start;
    }
}
