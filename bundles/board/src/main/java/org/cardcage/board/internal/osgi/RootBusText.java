package org.cardcage.board.internal.osgi;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cardcage.board.BoardBuilder;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.FunctionAddress;

/**
 * A root bus as a configuration names it: {@code [domain:]bus} and after it any number of {@code mem FIRST-LAST} and {@code
 * port FIRST-LAST}, all numbers hexadecimal.
 *
 * @param bus function 0 of device 0 on it
 */
record RootBusText(FunctionAddress bus, List<AddressRange> memory, List<AddressRange> ports) {

    private static final Pattern WINDOW = Pattern.compile("\\s+(mem|port)\\s+([0-9a-fA-F]{1,16})-([0-9a-fA-F]{1,16})");

    /** @throws IllegalArgumentException naming the text that has another form */
    static RootBusText parse(String text) {
        String stripped = text.strip();
        int end = stripped.indexOf(' ');
        String name = end < 0 ? stripped : stripped.substring(0, end);
        FunctionAddress bus = FunctionAddress.parse(name + ":00.0");
        List<AddressRange> memory = new ArrayList<>();
        List<AddressRange> ports = new ArrayList<>();
        Matcher window = WINDOW.matcher(stripped);
        int at = name.length();
        while (at < stripped.length()) {
            if (!window.find(at) || window.start() != at) {
                throw new IllegalArgumentException("root bus \"" + text
                        + "\": after the bus come addresses as in mem c0000000-cfffffff or port 8000-9fff");
            }
            long first = Long.parseUnsignedLong(window.group(2), 16);
            long last = Long.parseUnsignedLong(window.group(3), 16);
            (window.group(1).equals("mem") ? memory : ports).add(new AddressRange(first, last - first + 1));
            at = window.end();
        }
        return new RootBusText(bus, memory, ports);
    }

    void addTo(BoardBuilder builder) {
        builder.rootBus(bus.domain(), bus.bus(), memory, ports);
    }
}
