package org.cardcage.shell.internal.gogo;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.WritableByteChannel;
import org.apache.felix.gogo.runtime.Pipe;
import org.apache.felix.service.command.Process;

/**
 * Standard output of a Gogo process below its PrintStream, which swallows errors: here a write that fails says so.
 *
 * <p>Threads: one.
 */
final class ProcessOutput extends OutputStream {

    /** A write that failed, as distinct from a read. */
    static final class WriteFailedException extends IOException {

        private static final long serialVersionUID = 1;

        WriteFailedException(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }

    private static final Field STREAMS = streams();

    private final WritableByteChannel channel;

    private ProcessOutput(WritableByteChannel channel) {
        this.channel = channel;
    }

    private static Field streams() {
        try {
            Field field = Pipe.class.getDeclaredField("streams");
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Gogo keeps the streams of a process elsewhere; 1.1.6 is known", e);
        }
    }

    static OutputStream of(Process process) {
        try {
            Channel[] channels = (Channel[]) STREAMS.get(process);
            return new ProcessOutput((WritableByteChannel) channels[1]);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(from, offset, length);
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException | RuntimeException e) {
            throw new WriteFailedException(e);
        }
    }
}
