package org.cardcage.shell.internal.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.SystemCalls;

/** {@code head}: the first lines or bytes of files. */
public final class Head implements Command {

    private static final long DEFAULT_LINES = 10;
    private static final int BUFFER = 1024;

    private final SystemCalls kernel;

    public Head(SystemCalls kernel) {
        this.kernel = kernel;
    }

    @Override
    public Help help() {
        return new Help(
                "head", "[-n LINES | -c BYTES] [FILE]...", "print the first part of files", "head -c 4 /dev/edu0");
    }

    @Override
    public int run(Invocation call) throws IOException {
        Options options = Options.parse(oldStyle(call.arguments()), "n:c:");
        boolean bytes = options.has("c");
        long wanted =
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

    /** {@code -5} stands for {@code -n 5}. */
    private static List<String> oldStyle(List<String> words) {
        List<String> result = new ArrayList<>(words);
        if (!words.isEmpty() && words.get(0).matches("-[0-9]+")) {
            result.set(0, "-n" + words.get(0).substring(1));
        }
        return result;
    }

    private static long count(String text, boolean bytes) {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new Options.BadOptionException(
                    "invalid number of " + (bytes ? "bytes" : "lines") + ": '" + text + "'");
        }
    }

    private static void copy(InputStream in, Invocation call, boolean bytes, long wanted) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long left = wanted;
        while (left > 0) {
            int n = in.read(buffer, 0, bytes ? (int) Math.min(BUFFER, left) : BUFFER);
            if (n < 0) {
                return;
            }
            if (bytes) {
                call.out().write(buffer, 0, n);
                left -= n;
            } else {
                ByteArrayOutputStream lines = new ByteArrayOutputStream();
                for (int i = 0; i < n && left > 0; i++) {
                    lines.write(buffer[i]);
                    left -= buffer[i] == '\n' ? 1 : 0;
                }
                lines.writeTo(call.out());
            }
        }
    }
}
