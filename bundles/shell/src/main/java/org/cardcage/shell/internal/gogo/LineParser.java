package org.cardcage.shell.internal.gogo;

import java.util.List;
import java.util.Optional;
import org.apache.felix.gogo.jline.ParsedLineImpl;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/**
 * Gogo's parser for the line editor, with an escape of its own: that of gogo.jline 1.1.8 fails for every name with a blank. The
 * target of a redirection is a word too.
 *
 * <p>Threads: immutable.
 */
final class LineParser implements Parser {

    private static final String SPECIAL = " \t\\\"'$%{}()[]<>|&;*?#~=";

    private final Parser gogo = new org.apache.felix.gogo.jline.Parser();

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        if (context == ParseContext.COMPLETE) {
            Optional<RedirectionTarget> target = RedirectionTarget.at(line, cursor);
            if (target.isPresent()) {
                return target.get();
            }
        }
        ParsedLine parsed = gogo.parse(line, cursor, context);
        if (context == ParseContext.ACCEPT_LINE
                && parsed instanceof ParsedLineImpl p
                && LineRunner.isOpen(p.program())) {
            throw new EOFError(1, line.length(), "the line goes on behind && or ||", "and");
        }
        return parsed instanceof ParsedLineImpl p ? new Line(p) : parsed;
    }

    /** None for the line editor, which would take every backslash out of a line before it is executed. */
    @Override
    public boolean isEscapeChar(char c) {
        return false;
    }

    private record Line(ParsedLineImpl parsed) implements CompletingParsedLine {

        @Override
        public String word() {
            return parsed.word();
        }

        @Override
        public int wordCursor() {
            // Gogo counts what it has taken out of the word, too
            return Math.min(parsed.wordCursor(), parsed.word().length());
        }

        @Override
        public int wordIndex() {
            return parsed.wordIndex();
        }

        @Override
        public List<String> words() {
            return parsed.words();
        }

        @Override
        public String line() {
            return parsed.line();
        }

        @Override
        public int cursor() {
            return parsed.cursor();
        }

        @Override
        public int rawWordCursor() {
            return parsed.rawWordCursor();
        }

        @Override
        public int rawWordLength() {
            return parsed.rawWordLength();
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            String line = parsed.line();
            int start = parsed.cursor() - parsed.rawWordCursor();
            char quote = start >= 0 && start < line.length() ? line.charAt(start) : 0;
            return escaped(candidate.toString(), quote, complete);
        }
    }

    /**
     * A name as it must stand in a line.
     *
     * @param quote with which the user has begun the word, or anything else
     * @param complete whether the word ends here
     */
    static String escaped(String name, char quote, boolean complete) {
        boolean quoted = quote == '"' || quote == '\'';
        StringBuilder text = new StringBuilder(quoted ? String.valueOf(quote) : "");
        for (char c : name.toCharArray()) {
            boolean special = quote == '"' ? "\"\\$%".indexOf(c) >= 0 : !quoted && SPECIAL.indexOf(c) >= 0;
            text.append(special ? "\\" : "").append(c);
        }
        return text.append(quoted && complete ? String.valueOf(quote) : "").toString();
    }
}
