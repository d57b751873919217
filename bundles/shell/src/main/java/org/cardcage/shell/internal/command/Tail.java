package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.SystemCalls;

/** {@code tail}: the last lines or bytes of files. */
public final class Tail implements Command {

    private static final int DEFAULT_LINES = 10;

    private final SystemCalls kernel;

    public Tail(SystemCalls kernel) {
        this.kernel = kernel;
    }

    @Override
    public Help help() {
        return new Help("tail", "[-n LINES | -c BYTES] [FILE]...", "print the last part of files", "dmesg | tail -n 3");
    }

    @Override
    public int run(Invocation call) throws IOException {
        List<String> arguments = new ArrayList<>(call.arguments());
        if (!arguments.isEmpty() && arguments.get(0).matches("-[0-9]+")) {
            arguments.set(0, "-n" + arguments.get(0).substring(1));
        }
        Options options = Options.parse(arguments, "n:c:");
        boolean bytes = options.has("c");
        int wanted =
                options.value(bytes ? "c" : "n").map(text -> count(text, bytes)).orElse(DEFAULT_LINES);
        List<String> words = options.operands().isEmpty() ? List.of("-") : options.operands();
        int status = 0;
        boolean first = true;
        for (String word : words) {
            try (InputStream in = FileReader.open(kernel, call, word)) {
                if (words.size() > 1) {
                    String title = word.equals("-") ? "standard input" : word;
                    call.print((first ? "" : "\n") + "==> " + title + " <==\n");
                }
                first = false;
                copy(in, call, bytes, wanted);
            } catch (KernelException e) {
                if (e.errno() == Errno.EINTR) {
                    throw e;
                }
                call.complain("cannot open '" + word + "' for reading: " + ErrorText.of(e));
                status = 1;
            }
        }
        return status;
    }

    private static int count(String text, boolean bytes) {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            throw new Options.BadOptionException(
                    "invalid number of " + (bytes ? "bytes" : "lines") + ": '" + text + "'");
        }
    }

    private static void copy(InputStream in, Invocation call, boolean bytes, int wanted) throws IOException {
        ArrayDeque<byte[]> last = new ArrayDeque<>();
        ByteLines lines = new ByteLines(in);
        long held = 0;
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            last.add(line);
            held += weight(line, bytes);
            while (!last.isEmpty() && held - weight(last.peek(), bytes) >= wanted) {
                held -= weight(last.remove(), bytes);
            }
        }
        int skip = bytes ? (int) Math.max(0, held - wanted) : 0;
        for (byte[] line : last) {
            call.out().write(line, skip, line.length - skip);
            skip = 0;
        }
    }

    private static int weight(byte[] line, boolean bytes) {
        return bytes ? line.length : 1;
    }
}
