package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.SystemCalls;

/** {@code grep}: lines that match. Patterns are translated to Java's; what POSIX and Java have in common works. */
public final class Grep implements Command {

    private static final int TROUBLE = 2;

    private final SystemCalls kernel;

    public Grep(SystemCalls kernel) {
        this.kernel = kernel;
    }

    @Override
    public Help help() {
        return new Help(
                "grep", "[-EFchilnqsv] PATTERN [FILE]...", "print the lines that match a pattern", "dmesg | grep edu");
    }

    @Override
    public int usageStatus() {
        return TROUBLE;
    }

    @Override
    public int run(Invocation call) throws IOException {
        Options options = Options.parse(call.arguments(), "EFHchilnqsve:");
        List<String> words = new ArrayList<>(options.operands());
        if (!options.has("e") && words.isEmpty()) {
            call.message("Usage: grep [OPTION]... PATTERNS [FILE]...");
            call.message("Try 'grep --help' for more information.");
            return usageStatus();
        }
        String pattern = options.has("e") ? options.value("e").orElseThrow() : words.remove(0);
        Search search;
        try {
            search = new Search(call, options, compile(pattern, options), words.size() > 1);
        } catch (PatternSyntaxException e) {
            call.complain(e.getDescription() + ": " + pattern);
            return TROUBLE;
        }
        boolean trouble = false;
        for (String word : words.isEmpty() ? List.of("-") : words) {
            try (InputStream in = FileReader.open(kernel, call, word)) {
                search.in(word.equals("-") ? "(standard input)" : word, new ByteLines(in));
            } catch (KernelException e) {
                if (e.errno() == Errno.EINTR) {
                    throw e;
                }
                if (!options.has("s")) {
                    call.complain(word + ": " + ErrorText.of(e));
                }
                trouble = true;
            }
        }
        return trouble ? TROUBLE : search.found ? 0 : 1;
    }

    private static Pattern compile(String pattern, Options options) {
        int flags = options.has("i") ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
        if (options.has("F")) {
            return Pattern.compile(pattern, flags | Pattern.LITERAL);
        }
        return Pattern.compile(classes(options.has("E") ? pattern : extended(pattern)), flags);
    }

    /** In a basic pattern these have a meaning only behind a backslash. */
    static String extended(String basic) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < basic.length(); i++) {
            char c = basic.charAt(i);
            boolean escaped = c == '\\' && i + 1 < basic.length();
            char meant = escaped ? basic.charAt(++i) : c;
            boolean other = "(){}|+?".indexOf(meant) >= 0;
            text.append(other != escaped ? "\\" : "").append(meant);
        }
        return text.toString();
    }

    /** {@code [:digit:]} is {@code \p{Digit}} in Java. */
    private static String classes(String pattern) {
        Matcher m = Pattern.compile("\\[:(xd|[a-z])([a-z]+):]").matcher(pattern);
        return m.replaceAll(found -> Matcher.quoteReplacement("\\p{"
                + (found.group(1).equals("xd") ? "XD" : found.group(1).toUpperCase(Locale.ROOT))
                + found.group(2)
                + "}"));
    }

    /** The search through all files of a call. */
    private static final class Search {

        private final Invocation call;
        private final Options options;
        private final Pattern pattern;
        private final boolean named;
        private boolean found;

        Search(Invocation call, Options options, Pattern pattern, boolean several) {
            this.call = call;
            this.options = options;
            this.pattern = pattern;
            this.named = options.has("H") || several && !options.has("h");
        }

        void in(String file, ByteLines lines) throws IOException {
            long matches = 0;
            long number = 0;
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                number++;
                String text = new String(line, StandardCharsets.UTF_8).replaceFirst("\n$", "");
                if (pattern.matcher(text).find() != options.has("v")) {
                    matches++;
                    found = true;
                    if (options.has("q")) {
                        return;
                    }
                    if (options.has("l")) {
                        call.println(file);
                        return;
                    }
                    if (!options.has("c")) {
                        print(file, number, line);
                    }
                }
            }
            if (options.has("c") && !options.has("q") && !options.has("l")) {
                call.println((named ? file + ":" : "") + matches);
            }
        }

        private void print(String file, long number, byte[] line) throws IOException {
            call.print((named ? file + ":" : "") + (options.has("n") ? number + ":" : ""));
            call.out().write(line);
            if (line[line.length - 1] != '\n') {
                call.print("\n");
            }
        }
    }
}
