package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import org.cardcage.vfs.SystemCalls;

/** {@code tail}: the last lines or bytes of files. */
public final class Tail extends PartOfFiles {

    public Tail(SystemCalls kernel) {
        super(kernel);
    }

    @Override
    public Help help() {
        return new Help("tail", "[-n LINES | -c BYTES] [FILE]...", "print the last part of files", "dmesg | tail -n 3");
    }

    @Override
    void copy(InputStream in, Invocation call, boolean bytes, long wanted) throws IOException {
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
