package org.cardcage.qemu.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;

/** Cuts what comes out of a channel into lines of ASCII. Threads: one. */
final class LineReader {

    private static final int CHUNK = 1 << 16;

    private final LineSink sink;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

    /** Gets lines without their ends. */
    @FunctionalInterface
    interface LineSink {
        void line(String text) throws IOException;
    }

    LineReader(LineSink sink) {
        this.sink = sink;
    }

    /**
     * Reads once, what is there just now, and hands on the lines that are complete.
     *
     * @return false at the end of the channel
     */
    boolean readFrom(ReadableByteChannel channel) throws IOException {
        chunk.clear();
        int length = channel.read(chunk);
        if (length < 0) {
            return false;
        }
        byte[] bytes = chunk.array();
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                sink.line(line(bytes, start, i));
                start = i + 1;
            }
        }
        rest.write(bytes, start, length - start);
        return true;
    }

    private String line(byte[] bytes, int from, int to) {
        if (rest.size() == 0) {
            return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
        }
        rest.write(bytes, from, to - from);
        String text = rest.toString(StandardCharsets.US_ASCII);
        rest.reset();
        return text;
    }
}
