package org.cardcage.shell.internal.lspci;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cardcage.shell.internal.command.Options;

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

    private boolean dump;
    private String dumpName = "";
    private Optional<String> answer = Optional.empty();

    /**
     * Takes the options.
     *
     * @throws IllegalArgumentException with pciutils' words
     */
    void take(Options options) {
        options.values("A").forEach(this::method);
        options.values("O").forEach(this::parameter);
        options.values("H").forEach(AccessOptions::hardware);
        options.values("F").forEach(this::dump);
    }

    /** Has the functions read from a dump. */
    void dump(String file) {
        dump = true;
        dumpName = file;
    }

    /** Chooses a method, or asks which there are. */
    void method(String name) {
        if (name.equals("help")) {
            List<String> lines = new ArrayList<>(List.of("Known PCI access methods:", ""));
            lines.addAll(METHODS);
            answer = answer.or(() -> Optional.of(String.join("\n", lines) + "\n"));
        } else if (METHODS.contains(name)) {
            dump = name.equals("dump");
        } else {
            throw new IllegalArgumentException("No such PCI access method: " + name + " (see `-A help' for a list)");
        }
    }

    /** Sets a parameter, or asks which there are. */
    void parameter(String text) {
        if (text.equals("help")) {
            List<String> lines = new ArrayList<>(List.of("Known PCI access parameters:", ""));
            PARAMETERS.forEach(p -> lines.add(String.format("%-20s %s (%s)", p.get(0), p.get(1), p.get(2))));
            answer = answer.or(() -> Optional.of(String.join("\n", lines) + "\n"));
            return;
        }
        int at = text.indexOf('=');
        if (at < 0) {
            throw new IllegalArgumentException("Invalid PCI access parameter syntax: " + text);
        }
        Map<String, String> known = new TreeMap<>();
        PARAMETERS.forEach(p -> known.put(p.get(0), p.get(2)));
        String name = text.substring(0, at);
        if (!known.containsKey(name)) {
            throw new IllegalArgumentException(
                    "Unrecognized PCI access parameter: " + name + " (see `-O help' for a list)");
        }
        if (name.equals("dump.name")) {
            dumpName = text.substring(at + 1);
        }
    }

    /** Direct access to the hardware: the ways 1 and 2 are known, and ours alike. */
    static void hardware(String mode) {
        if (!mode.equals("1") && !mode.equals("2")) {
            throw new IllegalArgumentException("Unknown hardware configuration type " + mode);
        }
    }

    /** What is to be printed instead of anything else. */
    Optional<String> answer() {
        return answer;
    }

    /**
     * The file to read instead of the machine.
     *
     * @throws IllegalArgumentException if a dump is wanted, but none is named
     */
    Optional<String> dumpFile() {
        if (dump && dumpName.isEmpty()) {
            throw new IllegalArgumentException("dump: File name not given.");
        }
        return dump ? Optional.of(dumpName) : Optional.empty();
    }
}
