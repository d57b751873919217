package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.SystemCalls;

/** {@code cat}: files to standard output, byte by byte as they are. */
public final class Cat implements Command {

    /** What coreutils asks for in one read. */
    private static final int BUFFER = 128 * 1024;

    private final SystemCalls kernel;

    public Cat(SystemCalls kernel) {
        this.kernel = kernel;
    }

    @Override
    public Help help() {
        return new Help("cat", "[FILE]...", "print files, standard input for -", "cat /dev/edu0");
    }

    @Override
    public int run(Invocation call) throws IOException {
        List<String> words = Options.parse(call.arguments(), "u").operands();
        int status = 0;
        for (String word : words.isEmpty() ? List.of("-") : words) {
            try (InputStream in = FileReader.open(kernel, call, word)) {
                copy(in, call);
            } catch (KernelException e) {
                if (e.errno() == Errno.EINTR) {
                    throw e;
                }
                call.complain(Invocation.quoted(word) + ": " + ErrorText.of(e));
                status = 1;
            }
        }
        return status;
    }

    private static void copy(InputStream in, Invocation call) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            call.out().write(buffer, 0, n);
            call.out().flush();
        }
    }
}
