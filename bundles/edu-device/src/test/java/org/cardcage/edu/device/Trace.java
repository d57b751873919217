package org.cardcage.edu.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * A recording of QEMU's EDU card: what was done to the machine from power-on, and what it answered (format {@code
 * edu-trace/1}: JSON lines, the first of which tells of the machine).
 */
record Trace(JsonNode header, List<Operation> operations) {

    private static final String FORMAT = "edu-trace/1";

    /** @throws IllegalArgumentException if this is no recording of the known format */
    Trace {
        if (!header.path("schema").asText().equals(FORMAT)) {
            throw new IllegalArgumentException("not a recording of the format " + FORMAT + ": " + header);
        }
        operations = List.copyOf(operations);
    }

    /** All recordings in a folder and below. */
    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(f -> f.toString().endsWith(".jsonl") || f.toString().endsWith(".jsonl.gz"))
                    .sorted()
                    .toList();
        }
    }

    /** Reads a file, compressed if its name ends in {@code .gz}. */
    static Trace read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in) {
            return read(new InputStreamReader(plain, StandardCharsets.UTF_8));
        }
    }

    /** Reads lines. */
    static Trace read(Reader text) throws IOException {
        ObjectMapper json = new ObjectMapper();
        BufferedReader lines = new BufferedReader(text);
        JsonNode header = null;
        List<Operation> operations = new ArrayList<>();
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            JsonNode node = json.readTree(line);
            if (header == null) {
                header = node;
            } else {
                operations.add(new Operation(number, node));
            }
        }
        if (header == null) {
            throw new IllegalArgumentException("an empty file is no recording");
        }
        return new Trace(header, operations);
    }

    private long number(String key) {
        return Operation.number(header.path(key), () -> "header: \"" + key + "\"");
    }

    String name() {
        return header.path("name").asText();
    }

    /** Property {@code dma_mask} of the card. */
    long dmaMask() {
        return number("dma_mask");
    }

    /** Bytes of RAM, which begins at 0. */
    long ramSize() {
        return number("ram_size");
    }

    /** The address that offsets of the space {@code bar} count from. */
    long bar0() {
        return number("bar0");
    }

    /** The part of RAM where messages were looked for. */
    MessageWindow messageWindow() {
        JsonNode window = header.path("msi_window");
        return new MessageWindow(
                Operation.number(window.path(0), () -> "header: start of the \"msi_window\""),
                Math.toIntExact(Operation.number(window.path(1), () -> "header: length of the \"msi_window\"")));
    }

    /** Whether a guest's CPU did this, so that firmware had run before, and nobody watched pin and messages. */
    boolean isByGuest() {
        return header.has("via");
    }

    /** What carried the accesses to the bus. */
    GuestCpu cpu() {
        String via = header.path("via").asText();
        return switch (via) {
            case "", "qtest", "kvm" -> GuestCpu.BUS;
            case "tcg" -> major() < 8 ? GuestCpu.TCG_7 : GuestCpu.TCG;
            default -> throw new IllegalArgumentException("header: accesses \"via\" " + via + " are not known");
        };
    }

    private int major() {
        String version = header.path("qemu").asText();
        return Integer.parseInt(version.substring(0, Math.max(version.indexOf('.'), 0)));
    }
}
