package org.cardcage.shell.internal.command;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.cardcage.vfs.SystemCalls;

/** {@code tail}: the last lines or bytes of files. */
public final class Tail extends PartOfFiles {

    public Tail(SystemCalls kernel) {
        super(kernel, "+");
    }

    @Override
    public Help help() {
        return new Help(
                "tail",
                "[-n LINES | -c BYTES] [FILE]...",
                "print the last part of files, from +NUMBER on",
                "dmesg | tail -n 3");
    }

    @Override
    void copy(InputStream in, OutputStream out, boolean bytes, long wanted) throws IOException {
        split(in, bytes, wanted, OutputStream.nullOutputStream(), out);
    }

    /** Begins at a line or byte; the first one has number 1. */
    @Override
    void copyRest(InputStream in, OutputStream out, boolean bytes, long number) throws IOException {
        InputStream rest = new BufferedInputStream(in);
        for (long left = number - 1; left > 0; ) {
            int b = rest.read();
            if (b < 0) {
                return;
            }
            left -= bytes || b == '\n' ? 1 : 0;
        }
        rest.transferTo(out);
    }
}
