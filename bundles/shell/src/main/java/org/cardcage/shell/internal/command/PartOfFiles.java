package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.SystemCalls;

/** What {@code head} and {@code tail} have in common: options, titles of several files, and errors. */
abstract class PartOfFiles implements Command {

    private static final long DEFAULT_LINES = 10;

    private final SystemCalls kernel;
    private final String sign;

    /**
     * @param sign what stands before a number that tells how much is left out at the other end
     */
    PartOfFiles(SystemCalls kernel, String sign) {
        this.kernel = kernel;
        this.sign = sign;
    }

    /** Copies as many lines or bytes of {@code in} as wanted to {@code out}. */
    abstract void copy(InputStream in, OutputStream out, boolean bytes, long wanted) throws IOException;

    /** Copies {@code in} to {@code out} but for what a number with the sign leaves out. */
    abstract void copyRest(InputStream in, OutputStream out, boolean bytes, long number) throws IOException;

    @Override
    public final int run(Invocation call) throws IOException {
        Options options = Options.parse(oldStyle(call.arguments()), "n:c:");
        boolean bytes = options.has("c");
        Optional<String> number = options.value(bytes ? "c" : "n");
        boolean rest = number.filter(text -> text.startsWith(sign)).isPresent();
        long count;
        try {
            count = number.map(PartOfFiles::count).orElse(DEFAULT_LINES);
        } catch (NumberFormatException e) {
            call.complain("invalid number of " + (bytes ? "bytes" : "lines") + ": '" + number.orElseThrow() + "'");
            return 1;
        }
        List<String> words = options.operands().isEmpty() ? List.of("-") : options.operands();
        int status = 0;
        boolean first = true;
        for (String word : words) {
            boolean opened = false;
            try (InputStream in = FileReader.open(kernel, call, word)) {
                opened = true;
                if (words.size() > 1) {
                    String title = word.equals("-") ? "standard input" : word;
                    call.print((first ? "" : "\n") + "==> " + title + " <==\n");
                }
                first = false;
                if (rest) {
                    copyRest(in, call.out(), bytes, count);
                } else {
                    copy(in, call.out(), bytes, count);
                }
            } catch (KernelException e) {
                if (e.errno() == Errno.EINTR) {
                    throw e;
                }
                call.complain(
                        opened
                                ? "error reading '" + word + "': " + ErrorText.of(e)
                                : "cannot open '" + word + "' for reading: " + ErrorText.of(e));
                status = 1;
            }
        }
        return status;
    }

    /** Copies all but the last lines or bytes to {@code before}, and these to {@code after}. */
    static void split(InputStream in, boolean bytes, long number, OutputStream before, OutputStream after)
            throws IOException {
        ArrayDeque<byte[]> last = new ArrayDeque<>();
        ByteLines lines = new ByteLines(in);
        long held = 0;
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            last.add(line);
            held += weight(line, bytes);
            while (!last.isEmpty() && held - weight(last.peek(), bytes) >= number) {
                held -= weight(last.peek(), bytes);
                before.write(last.remove());
            }
        }
        int cut = bytes ? (int) Math.max(0, held - number) : 0;
        for (byte[] line : last) {
            before.write(line, 0, cut);
            after.write(line, cut, line.length - cut);
            cut = 0;
        }
    }

    private static int weight(byte[] line, boolean bytes) {
        return bytes ? line.length : 1;
    }

    /** {@code -5} stands for {@code -n 5}. */
    private static List<String> oldStyle(List<String> words) {
        List<String> result = new ArrayList<>(words);
        if (!words.isEmpty() && words.get(0).matches("-[0-9]+")) {
            result.set(0, "-n" + words.get(0).substring(1));
        }
        return result;
    }

    /** A number without its sign. */
    private static long count(String text) {
        return Long.parseUnsignedLong(text.replaceFirst("^[-+](?=[0-9])", ""));
    }
}
