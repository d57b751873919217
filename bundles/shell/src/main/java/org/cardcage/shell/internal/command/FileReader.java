package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.SystemCalls;

/**
 * An open file as a stream: each read is one {@code read(2)}, so that a device sees how much is asked of it. Errors are
 * the system call's {@link org.cardcage.kernel.KernelException}.
 *
 * <p>Threads: one.
 */
public final class FileReader extends InputStream {

    private final OpenFile file;

    private FileReader(OpenFile file) {
        this.file = file;
    }

    /** Opens what a word of the command line names; {@code -} is standard input, which a close leaves open. */
    public static InputStream open(SystemCalls kernel, Invocation call, String word) {
        if (word.equals("-")) {
            return new StandardInput(call.in());
        }
        return new FileReader(kernel.open(call.credentials(), call.path(word), Set.of(OpenFlag.READ), 0));
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        int got = file.read(ByteBuffer.wrap(to, offset, length));
        return got > 0 ? got : -1;
    }

    @Override
    public void close() {
        file.close();
    }

    /** Standard input, with the errors of a system call. */
    private static final class StandardInput extends InputStream {

        private final InputStream in;

        StandardInput(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            try {
                return in.read(to, offset, length);
            } catch (IOException e) {
                Errno errno =
                        Interrupted.is(e) ? Errno.EINTR : ErrorText.errno(e).orElse(Errno.EIO);
                throw new KernelException(errno, "standard input: " + e.getMessage(), e);
            }
        }
    }
}
