package org.cardcage.shell.internal.command;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Lines as the bytes they are made of. */
final class ByteLines {

    private final InputStream in;

    ByteLines(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /** The next line with its end, if it has one; null at the end. */
    byte[] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            line.write(b);
            if (b == '\n') {
                break;
            }
        }
        return line.size() == 0 ? null : line.toByteArray();
    }
}
