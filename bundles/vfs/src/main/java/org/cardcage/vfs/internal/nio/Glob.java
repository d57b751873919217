package org.cardcage.vfs.internal.nio;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Makes a regular expression of a glob, as {@link java.nio.file.FileSystem#getPathMatcher} describes globs. */
final class Glob {

    private final String glob;
    private final StringBuilder regex = new StringBuilder();
    private int at;
    private boolean group;

    private Glob(String glob) {
        this.glob = glob;
    }

    /**
     * @throws PatternSyntaxException for a bracket, brace or backslash that is not complete, or nested braces
     */
    static Pattern compile(String glob) {
        return new Glob(glob).translate();
    }

    private Pattern translate() {
        while (at < glob.length()) {
            one(glob.charAt(at++));
        }
        if (group) {
            throw wrong("the closing } is missing");
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private void one(char c) {
        switch (c) {
            case '\\' -> literal(escaped());
            case '*' -> star();
            case '?' -> regex.append("[^/]");
            case '[' -> bracket();
            case '{' -> openGroup();
            case '}' -> {
                regex.append(group ? "))" : "\\}");
                group = false;
            }
            case ',' -> regex.append(group ? ")|(?:" : ",");
            default -> literal(c);
        }
    }

    private void star() {
        boolean two = at < glob.length() && glob.charAt(at) == '*';
        at += two ? 1 : 0;
        regex.append(two ? ".*" : "[^/]*");
    }

    private void openGroup() {
        if (group) {
            throw wrong("a { within braces");
        }
        group = true;
        regex.append("(?:(?:");
    }

    private void bracket() {
        regex.append("(?:(?!/)[");
        if (at < glob.length() && (glob.charAt(at) == '!' || glob.charAt(at) == '^')) {
            regex.append(glob.charAt(at++) == '!' ? "^" : "\\^");
        }
        boolean first = true;
        while (at < glob.length() && (glob.charAt(at) != ']' || first)) {
            char c = glob.charAt(at++);
            if (c == '/') {
                throw wrong("a / within brackets");
            }
            boolean range = c == '-' && !first && at < glob.length() && glob.charAt(at) != ']';
            if (!range && !Character.isLetterOrDigit(c)) {
                regex.append('\\');
            }
            regex.append(c);
            first = false;
        }
        if (at == glob.length()) {
            throw wrong("the closing ] is missing");
        }
        at++;
        regex.append("])");
    }

    private char escaped() {
        if (at == glob.length()) {
            throw wrong("nothing follows the backslash");
        }
        return glob.charAt(at++);
    }

    private void literal(char c) {
        regex.append(Character.isLetterOrDigit(c) || c == '/' || c > 127 ? "" : "\\")
                .append(c);
    }

    private PatternSyntaxException wrong(String what) {
        return new PatternSyntaxException(what, glob, at - 1);
    }
}
