package org.cardcage.shell.internal.command;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.SystemCalls;

/**
 * An open file as a stream: each write is one {@code write(2)}, and more of them for what it did not take. Errors are the
 * system call's {@link org.cardcage.kernel.KernelException}.
 *
 * <p>Threads: one.
 */
final class FileWriter extends OutputStream {

    private static final int MODE = 0644;

    private final OpenFile file;

    private FileWriter(OpenFile file) {
        this.file = file;
    }

    /** Opens a file, made if it is not there, to replace what is in it or to write behind that. */
    static FileWriter open(SystemCalls kernel, Invocation call, String word, boolean append) {
        OpenFlag how = append ? OpenFlag.APPEND : OpenFlag.TRUNCATE;
        return new FileWriter(
                kernel.open(call.credentials(), call.path(word), Set.of(OpenFlag.WRITE, OpenFlag.CREATE, how), MODE));
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(from, offset, length);
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
