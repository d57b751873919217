package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.io.InputStream;
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

    PartOfFiles(SystemCalls kernel) {
        this.kernel = kernel;
    }

    /** Copies the wanted part of {@code in} to the output of {@code call}. */
    abstract void copy(InputStream in, Invocation call, boolean bytes, long wanted) throws IOException;

    @Override
    public final int run(Invocation call) throws IOException {
        Options options = Options.parse(oldStyle(call.arguments()), "n:c:");
        boolean bytes = options.has("c");
        Optional<String> text = options.value(bytes ? "c" : "n");
        long wanted;
        try {
            wanted = text.map(Long::parseUnsignedLong).orElse(DEFAULT_LINES);
        } catch (NumberFormatException e) {
            call.complain("invalid number of " + (bytes ? "bytes" : "lines") + ": '" + text.orElseThrow() + "'");
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
                copy(in, call, bytes, wanted);
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

    /** {@code -5} stands for {@code -n 5}. */
    private static List<String> oldStyle(List<String> words) {
        List<String> result = new ArrayList<>(words);
        if (!words.isEmpty() && words.get(0).matches("-[0-9]+")) {
            result.set(0, "-n" + words.get(0).substring(1));
        }
        return result;
    }
}
