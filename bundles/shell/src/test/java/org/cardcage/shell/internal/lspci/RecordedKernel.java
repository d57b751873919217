package org.cardcage.shell.internal.lspci;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.Resources;
import org.cardcage.shell.internal.lspci.function.Resources.Region;
import org.cardcage.shell.internal.lspci.function.Resources.Window;

/** What the recorded kernel knew of its functions, read out of {@code lspci -vvv}. */
final class RecordedKernel {

    private static final Pattern REGION = Pattern.compile(
            "\tRegion (\\d): (Memory|I/O ports) at ([0-9a-f]+)(?: \\((32|64)-bit, (non-)?prefetchable\\))?.*?(?: \\[size=(\\d+)(K|M)?])?");
    private static final Pattern ROM =
            Pattern.compile("\tExpansion ROM at ([0-9a-f]+)( \\[virtual])? \\[disabled] \\[size=(\\d+)(K|M)?]");
    private static final Pattern WINDOW =
            Pattern.compile("\t.* behind bridge: ([0-9a-f]+)-([0-9a-f]+) (\\[disabled] )?.*\\[(\\d+)-bit]");

    private final Map<String, List<String>> records = new HashMap<>();

    /** @param text of {@code lspci -vvv} */
    RecordedKernel(String text) {
        for (String paragraph : text.split("\n\n")) {
            List<String> lines = paragraph.lines().toList();
            records.put(lines.get(0).substring(0, lines.get(0).indexOf(' ')), lines);
        }
    }

    /** The same function with what the kernel knew. */
    PciFunction know(PciFunction f) {
        List<String> lines = records.get(f.slot().withoutDomain());
        return new PciFunction(
                f.slot(),
                f.identity(),
                f.config(),
                Optional.of(resources(lines)),
                value(lines, "\tPhysical Slot: "),
                value(lines, "\tKernel driver in use: "),
                value(lines, "\tKernel modules: ")
                        .map(m -> List.of(m.split(", ")))
                        .orElse(List.of()));
    }

    private static Optional<String> value(List<String> lines, String label) {
        return lines.stream()
                .filter(l -> l.startsWith(label))
                .map(l -> l.substring(label.length()))
                .findFirst();
    }

    private static Resources resources(List<String> lines) {
        List<Region> bars = new ArrayList<>(Collections.nCopies(6, Region.NONE));
        Region rom = Region.NONE;
        List<Window> windows = new ArrayList<>();
        int irq = 0;
        for (String line : lines) {
            Matcher m = REGION.matcher(line);
            if (m.matches()) {
                long flags = m.group(2).equals("Memory")
                        ? ("64".equals(m.group(4)) ? 4 : 0) | (m.group(5) == null ? 8 : 0)
                        : 1;
                bars.set(
                        Integer.parseInt(m.group(1)),
                        new Region(Long.parseLong(m.group(3), 16) | flags, size(m.group(6), m.group(7))));
            }
            m = ROM.matcher(line);
            if (m.matches()) {
                rom = new Region(Long.parseLong(m.group(1), 16), size(m.group(3), m.group(4)));
            }
            m = WINDOW.matcher(line);
            if (m.matches()) {
                long base = Long.parseLong(m.group(1), 16);
                long size = m.group(3) == null ? Long.parseLong(m.group(2), 16) - base + 1 : 0;
                windows.add(new Window(size == 0 ? 0 : base, size, Integer.parseInt(m.group(4))));
            }
            if (line.contains(" routed to IRQ ")) {
                irq = Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return new Resources(irq, bars, rom, windows);
    }

    private static long size(String number, String unit) {
        if (number == null) {
            return 0;
        }
        long scale = unit == null ? 1 : unit.equals("K") ? 1 << 10 : 1 << 20;
        return Long.parseLong(number) * scale;
    }
}
