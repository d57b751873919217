package org.cardcage.session;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A file of the test resources with one entry per line; blank lines and those that begin with # are none. */
final class Table {

    private Table() {}

    static List<String> lines(String file) throws IOException {
        try (InputStream in = Table.class.getResourceAsStream("/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }
}
