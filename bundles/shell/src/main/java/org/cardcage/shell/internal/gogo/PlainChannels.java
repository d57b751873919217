package org.cardcage.shell.internal.gogo;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.jline.utils.NonBlockingInputStream;

/**
 * Streams as channels that an interrupt does not close. Those of {@link java.nio.channels.Channels} are closed for ever when
 * a thread uses them with its interrupt flag set, and with them the terminal of the whole process.
 */
final class PlainChannels {

    /** One wait for a key; long, since an interrupt ends it. */
    private static final long WAIT_MILLIS = 3_600_000;

    private PlainChannels() {}

    /** Closing it does nothing. */
    static ReadableByteChannel of(InputStream in) {
        return new Input(in);
    }

    /** Closing it does nothing; what is written goes out at once. */
    static WritableByteChannel of(OutputStream out) {
        return new Output(out);
    }

    private record Input(InputStream in) implements ReadableByteChannel {

        @Override
        public int read(ByteBuffer to) throws IOException {
            if (!to.hasRemaining()) {
                return 0;
            }
            byte[] bytes = new byte[to.remaining()];
            int n = in instanceof NonBlockingInputStream keys ? readKeys(keys, bytes) : in.read(bytes);
            if (n > 0) {
                to.put(bytes, 0, n);
            }
            return n;
        }

        /** A line, as a terminal gives it: a read in the ordinary mode ends with the line. */
        private static int readKeys(NonBlockingInputStream keys, byte[] bytes) throws IOException {
            int n = 0;
            while (n < bytes.length) {
                int key = keys.read(WAIT_MILLIS);
                if (Thread.interrupted()) {
                    throw new InterruptedIOException();
                }
                if (key == NonBlockingInputStream.EOF) {
                    return n == 0 ? -1 : n;
                }
                if (key != NonBlockingInputStream.READ_EXPIRED) {
                    bytes[n++] = (byte) key;
                    if (key == '\n') {
                        break;
                    }
                }
            }
            return n;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // the stream belongs to the session
        }
    }

    private record Output(OutputStream out) implements WritableByteChannel {

        @Override
        public int write(ByteBuffer from) throws IOException {
            byte[] bytes = new byte[from.remaining()];
            from.get(bytes);
            try {
                out.write(bytes);
                out.flush();
            } catch (IOException e) {
                throw withErrno(e);
            }
            return bytes.length;
        }

        /** A stream of the host tells its error by the words of {@code strerror} only. A closed pipe needs none. */
        private static IOException withErrno(IOException e) {
            if (KernelException.errnoOf(e).isPresent() || Errno.EPIPE.text().equals(e.getMessage())) {
                return e;
            }
            return Arrays.stream(Errno.values())
                    .filter(errno -> errno.text().equals(e.getMessage()))
                    .findFirst()
                    .map(errno -> new IOException(e.getMessage(), new KernelException(errno, e.getMessage(), e)))
                    .orElse(e);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // the stream belongs to the session
        }
    }
}
