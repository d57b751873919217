package org.cardcage.shell.internal.lspci;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cardcage.machine.FunctionAddress;

/** The functions of a machine as the recorded output of lspci shows them. */
final class RecordedMachine {

    private final String machine;

    RecordedMachine(String machine) {
        this.machine = machine;
    }

    /** The lines of a recording, without the remark at its head. */
    List<String> lines(String file) {
        try (InputStream in = RecordedMachine.class.getResourceAsStream("/lspci/" + machine + "/" + file + ".txt")) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(1, lines.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(String file) {
        return String.join("", lines(file).stream().map(l -> l + "\n").toList());
    }

    static PciIds ids() {
        try (Reader in = new InputStreamReader(
                RecordedMachine.class.getResourceAsStream("/lspci/pci.ids"), StandardCharsets.UTF_8)) {
            return PciIds.parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The functions, with the drivers and modules that a recording of {@code lspci -k} tells. */
    List<PciFunction> functions(String driverRecording) {
        Map<String, String> drivers = new HashMap<>();
        Map<String, String> modules = new HashMap<>();
        String slot = "";
        for (String line : lines(driverRecording)) {
            slot = line.startsWith("\t") ? slot : line.substring(0, line.indexOf(' '));
            note(line, "\tKernel driver in use: ", slot, drivers);
            note(line, "\tKernel modules: ", slot, modules);
        }
        List<PciFunction> functions = new ArrayList<>();
        dumps().forEach((at, dump) -> functions.add(function(
                at,
                dump,
                Optional.ofNullable(drivers.get(at)),
                modules.containsKey(at) ? List.of(modules.get(at).split(", ")) : List.of())));
        return functions.stream()
                .sorted((a, b) -> a.address().compareTo(b.address()))
                .toList();
    }

    private static void note(String line, String label, String slot, Map<String, String> values) {
        if (line.startsWith(label)) {
            values.put(slot, line.substring(label.length()));
        }
    }

    private Map<String, byte[]> dumps() {
        Map<String, byte[]> dumps = new HashMap<>();
        byte[] dump = new byte[0];
        for (String line : lines("lspci-xxxx.loaded")) {
            if (line.matches("[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7] .*")) {
                dump = new byte[4096];
                dumps.put(line.substring(0, line.indexOf(' ')), dump);
            } else if (line.matches("[0-9a-f]{2,3}: .*")) {
                int offset = Integer.parseInt(line.substring(0, line.indexOf(':')), 16);
                for (String b : line.substring(line.indexOf(' ') + 1).split(" ")) {
                    dump[offset++] = (byte) Integer.parseInt(b, 16);
                }
            }
        }
        return dumps;
    }

    static PciFunction function(String at, byte[] dump, Optional<String> driver, List<String> modules) {
        ConfigSpace config = (offset, size) -> {
            int value = 0;
            for (int i = size - 1; i >= 0; i--) {
                value = value << 8 | dump[offset + i] & 0xff;
            }
            return value;
        };
        return new PciFunction(
                FunctionAddress.parse(at),
                config.read(0, 2),
                config.read(2, 2),
                config.read(0x0a, 2),
                config,
                driver,
                modules);
    }
}
