package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.SystemCalls;

/** {@code wc}: lines, words and bytes, in columns as wide as those of coreutils. */
public final class Wc implements Command {

    /** Width of a column if the size of a file cannot be told before. */
    private static final int UNKNOWN_WIDTH = 7;

    private static final int BUFFER = 16 * 1024;

    private final SystemCalls kernel;

    public Wc(SystemCalls kernel) {
        this.kernel = kernel;
    }

    @Override
    public Help help() {
        return new Help("wc", "[-clw] [FILE]...", "count lines, words and bytes", "lsmod | wc -l");
    }

    private record Counts(long lines, long words, long bytes) {

        Counts plus(Counts other) {
            return new Counts(lines + other.lines, words + other.words, bytes + other.bytes);
        }

        List<Long> chosen(Options options) {
            boolean all = !options.has("l") && !options.has("w") && !options.has("c");
            List<Long> numbers = new ArrayList<>();
            if (all || options.has("l")) {
                numbers.add(lines);
            }
            if (all || options.has("w")) {
                numbers.add(words);
            }
            if (all || options.has("c")) {
                numbers.add(bytes);
            }
            return numbers;
        }
    }

    @Override
    public int run(Invocation call) throws IOException {
        Options options = Options.parse(call.arguments(), "clw");
        List<String> words = options.operands().isEmpty() ? List.of("-") : options.operands();
        boolean single =
                words.size() == 1 && new Counts(0, 0, 0).chosen(options).size() == 1;
        int width = single ? 1 : width(call, words);
        Counts total = new Counts(0, 0, 0);
        int status = 0;
        for (String word : words) {
            boolean opened = false;
            try (InputStream in = FileReader.open(kernel, call, word)) {
                opened = true;
                Counts counts = count(in);
                total = total.plus(counts);
                print(call, counts.chosen(options), width, options.operands().isEmpty() ? "" : word);
            } catch (KernelException e) {
                if (e.errno() == Errno.EINTR) {
                    throw e;
                }
                call.complain(Invocation.quoted(word) + ": " + ErrorText.of(e));
                status = 1;
                if (opened) {
                    print(call, new Counts(0, 0, 0).chosen(options), width, word);
                }
            }
        }
        if (words.size() > 1) {
            print(call, total.chosen(options), width, "total");
        }
        return status;
    }

    private int width(Invocation call, List<String> words) {
        long sum = 0;
        int least = 1;
        for (String word : words) {
            try {
                FileStatus status = word.equals("-") ? null : kernel.stat(call.credentials(), call.path(word));
                boolean known = status != null && status.type() == FileType.REGULAR;
                sum += known ? status.size() : 0;
                least = known ? least : UNKNOWN_WIDTH;
            } catch (KernelException absent) {
                continue; // it is named when it is its turn
            }
        }
        return Math.max(least, Long.toString(sum).length());
    }

    private static Counts count(InputStream in) throws IOException {
        long lines = 0;
        long words = 0;
        long bytes = 0;
        boolean inWord = false;
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            bytes += n;
            for (int i = 0; i < n; i++) {
                boolean blank = buffer[i] == ' ' || buffer[i] >= '\t' && buffer[i] <= '\r';
                lines += buffer[i] == '\n' ? 1 : 0;
                words += !blank && !inWord ? 1 : 0;
                inWord = !blank;
            }
        }
        return new Counts(lines, words, bytes);
    }

    private static void print(Invocation call, List<Long> numbers, int width, String name) throws IOException {
        String text =
                numbers.stream().map(n -> String.format("%" + width + "d", n)).collect(Collectors.joining(" "));
        call.println(name.isEmpty() ? text : text + " " + name);
    }
}
