package org.cardcage.shell.internal.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.cardcage.vfs.SystemCalls;

/** {@code head}: the first lines or bytes of files. */
public final class Head extends PartOfFiles {

    private static final int BUFFER = 1024;

    public Head(SystemCalls kernel) {
        super(kernel, "-");
    }

    @Override
    public Help help() {
        return new Help(
                "head",
                "[-n LINES | -c BYTES] [FILE]...",
                "print the first part of files, all but the last NUMBER for -NUMBER",
                "head -c 4 /dev/edu0");
    }

    @Override
    void copy(InputStream in, OutputStream out, boolean bytes, long wanted) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long left = wanted;
        while (left > 0) {
            int n = in.read(buffer, 0, bytes ? (int) Math.min(BUFFER, left) : BUFFER);
            if (n < 0) {
                return;
            }
            if (bytes) {
                out.write(buffer, 0, n);
                left -= n;
            } else {
                ByteArrayOutputStream lines = new ByteArrayOutputStream();
                for (int i = 0; i < n && left > 0; i++) {
                    lines.write(buffer[i]);
                    left -= buffer[i] == '\n' ? 1 : 0;
                }
                lines.writeTo(out);
            }
        }
    }

    @Override
    void copyRest(InputStream in, OutputStream out, boolean bytes, long number) throws IOException {
        split(in, bytes, number, out, OutputStream.nullOutputStream());
    }
}
