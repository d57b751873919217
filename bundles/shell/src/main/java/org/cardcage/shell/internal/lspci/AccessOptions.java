package org.cardcage.shell.internal.lspci;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the tools of pciutils are told where to read: {@code -A}, {@code -O}, {@code -H}, {@code -F} and {@code -G}. Whatever live
 * method is named, it is the running kernel's.
 */
final class AccessOptions {

    /** The options, in getopt's form. */
    static final String LETTERS = "A:GO:H:F:";

    private static final List<String> METHODS =
            List.of("linux-sysfs", "linux-proc", "intel-conf1", "intel-conf2", "dump", "mmio-conf1", "mmio-conf1-ext");
    private static final List<List<String>> PARAMETERS = List.of(
            List.of("mmio-conf1-ext.addrs", "Physical addresses of memory mapped Intel conf1 extended interface", ""),
            List.of("devmem.path", "Path to the /dev/mem device", "/dev/mem"),
            List.of("mmio-conf1.addrs", "Physical addresses of memory mapped Intel conf1 interface", ""),
            List.of("devmem.path", "Path to the /dev/mem device", "/dev/mem"),
            List.of("dump.name", "Name of the bus dump file to read from", ""),
            List.of("proc.path", "Path to the procfs bus tree", "/proc/bus/pci"),
            List.of("sysfs.path", "Path to the sysfs device tree", "/sys/bus/pci"),
            List.of("hwdb.disable", "Do not look up names in UDEV's HWDB if non-zero", "0"),
            List.of("net.cache_name", "Name of the ID cache file", "~/.pciids-cache"),
            List.of("net.domain", "DNS domain used for resolving of ID's", "pci.id.ucw.cz"));

    private static final String DUMP_NAME = "dump.name";

    private final List<String> values =
            new ArrayList<>(PARAMETERS.stream().map(p -> p.get(2)).toList());
    private String method = "linux-sysfs";
    private Optional<String> answer = Optional.empty();

    /**
     * Takes an option, if it is one of these.
     *
     * @return whether the rest of the command line is of interest; not if help was asked for
     * @throws IllegalArgumentException with pciutils' words
     */
    boolean take(String option, String value) {
        switch (option) {
            case "A" -> method(value);
            case "O" -> parameter(value);
            case "H" -> hardware(value);
            case "F" -> {
                set(DUMP_NAME, value);
                method = "dump";
            }
            default -> {
                return true;
            }
        }
        return answer.isEmpty();
    }

    private void method(String name) {
        if (name.equals("help")) {
            answer = Optional.of("Known PCI access methods:\n\n" + String.join("\n", METHODS) + "\n");
        } else if (METHODS.contains(name)) {
            method = name;
        } else {
            throw new IllegalArgumentException("No such PCI access method: " + name + " (see `-A help' for a list)");
        }
    }

    private void parameter(String text) {
        if (text.equals("help")) {
            StringBuilder lines = new StringBuilder("Known PCI access parameters:\n\n");
            for (int i = 0; i < PARAMETERS.size(); i++) {
                List<String> p = PARAMETERS.get(i);
                lines.append(String.format("%-20s %s (%s)\n", p.get(0), p.get(1), values.get(i)));
            }
            answer = Optional.of(lines.toString());
            return;
        }
        int at = text.indexOf('=');
        if (at < 0) {
            throw new IllegalArgumentException("Invalid PCI access parameter syntax: " + text);
        }
        set(text.substring(0, at), text.substring(at + 1));
    }

    private void set(String name, String value) {
        int at = index(name);
        if (at < 0) {
            throw new IllegalArgumentException(
                    "Unrecognized PCI access parameter: " + name + " (see `-O help' for a list)");
        }
        values.set(at, value);
    }

    private static int index(String name) {
        return PARAMETERS.stream().map(p -> p.get(0)).toList().indexOf(name);
    }

    private void hardware(String mode) {
        method = switch (mode) {
            case "1" -> "intel-conf1";
            case "2" -> "intel-conf2";
            default -> throw new IllegalArgumentException("Unknown hardware configuration type " + mode);
        };
    }

    /** What is to be printed instead of anything else. */
    Optional<String> answer() {
        return answer;
    }

    /**
     * The file to read instead of the machine.
     *
     * @throws IllegalArgumentException if the method lacks a parameter
     */
    Optional<String> dumpFile() {
        if (method.startsWith("mmio") && values.get(index(method + ".addrs")).isEmpty()) {
            throw new IllegalArgumentException("Option " + method + ".addrs was not specified.");
        }
        return method.equals("dump") ? Optional.of(values.get(index(DUMP_NAME))) : Optional.empty();
    }
}
