package org.cardcage.shell.internal.lspci;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.shell.internal.command.FileReader;
import org.cardcage.shell.internal.command.Invocation;
import org.cardcage.vfs.SystemCalls;

/** All bytes of a file of our tree. */
final class WholeFile {

    private static final int BUFFER = 1 << 16;

    private WholeFile() {}

    /**
     * Its bytes.
     *
     * @param file its name; a dash is not standard input
     * @throws KernelException if it cannot be opened or read
     */
    static byte[] read(SystemCalls kernel, Invocation call, String file) throws IOException {
        if (file.isEmpty()) {
            throw new KernelException(Errno.ENOENT, "a file without a name");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (InputStream in = FileReader.open(kernel, call, file.equals("-") ? "./-" : file)) {
            byte[] some = new byte[BUFFER];
            for (int got = in.read(some); got >= 0; got = in.read(some)) {
                bytes.write(some, 0, got);
            }
        }
        return bytes.toByteArray();
    }
}
