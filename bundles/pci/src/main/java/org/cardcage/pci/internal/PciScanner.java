package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cardcage.machine.FunctionAddress;
import org.slf4j.Logger;

/**
 * Finds the functions of a bus by configuration cycles alone (Linux {@code pci_scan_child_bus}): each device number,
 * function 0 first, the others only if the header says that there are several; then the buses behind bridges. Bus numbers
 * are firmware's business; what it has left invalid or without numbers gets the next free ones here, after all others (Linux
 * {@code pci_scan_bridge}). Since the numbers behind a bridge lie between its own bus and that of its parent's last, a scan
 * ends whatever the registers say.
 */
final class PciScanner {

    private static final int DEVICES = 32;
    private static final int FUNCTIONS = 8;

    /** What there is already, and what comes of what is found. */
    interface Finder {

        /** The function that is known at this place. */
        Optional<PciFunction> known(FunctionAddress address);

        /** Whether the bus behind a bridge is just being reset, so that nothing answers there. */
        boolean isInReset(PciFunction bridge);

        /** A new function, if one answers at this place and can be used. */
        Optional<PciFunction> find(Bus bus, FunctionAddress address);
    }

    private final Finder finder;

    PciScanner(Finder finder) {
        this.finder = finder;
    }

    /** The new functions of a bus and all below it, in the order in which they are found. */
    List<PciFunction> scan(Bus bus) {
        List<PciFunction> found = new ArrayList<>();
        List<PciFunction> here = new ArrayList<>();
        for (int device = 0; device < (bus.hasOneSlot() ? 1 : DEVICES); device++) {
            here.addAll(scanSlot(bus, device, found));
        }
        scanBehind(here, found);
        return found;
    }

    /** The new functions of one device number and all below them. */
    List<PciFunction> scan(Bus bus, int device) {
        List<PciFunction> found = new ArrayList<>();
        scanBehind(scanSlot(bus, device, found), found);
        return found;
    }

    /** The new functions behind a bridge. */
    List<PciFunction> scanBehind(PciFunction bridge) {
        List<PciFunction> found = new ArrayList<>();
        scanBehind(List.of(bridge), found);
        return found;
    }

    /** All functions of one device number; the new ones are added to {@code found}. */
    private List<PciFunction> scanSlot(Bus bus, int device, List<PciFunction> found) {
        List<PciFunction> here = new ArrayList<>();
        FunctionAddress first = new FunctionAddress(bus.domain(), bus.number(), device, 0);
        boolean several = look(bus, first, here, found)
                .filter(PciFunction::isMultiFunction)
                .isPresent();
        for (int number = 1; several && number < FUNCTIONS; number++) {
            look(bus, first.withFunction(number), here, found);
        }
        return here;
    }

    private Optional<PciFunction> look(
            Bus bus, FunctionAddress address, List<PciFunction> here, List<PciFunction> found) {
        Optional<PciFunction> known = finder.known(address);
        Optional<PciFunction> function = known.or(() -> finder.find(bus, address));
        function.ifPresent(here::add);
        if (known.isEmpty()) {
            function.ifPresent(found::add);
        }
        return function;
    }

    /** First the bridges that have bus numbers, so that the others do not get the same. */
    private void scanBehind(List<PciFunction> here, List<PciFunction> found) {
        List<PciFunction> unnumbered = new ArrayList<>();
        for (PciFunction bridge : here) {
            if (bridge.isBridge()
                    && !finder.isInReset(bridge)
                    && bridge.config().answers()) {
                numbered(bridge).ifPresentOrElse(child -> found.addAll(scan(child)), () -> unnumbered.add(bridge));
            }
        }
        // none of them may pass on what is meant for another one
        unnumbered.forEach(bridge -> write(bridge, 0, 0, 0));
        for (PciFunction bridge : unnumbered) {
            number(bridge).ifPresent(child -> {
                found.addAll(scan(child));
                child.setLast(child.highest());
                bridge.config().write(SUBORDINATE_BUS, 1, child.last());
            });
        }
    }

    /** The bus behind a bridge, if its registers make sense. */
    private Optional<Bus> numbered(PciFunction bridge) {
        Bus bus = bridge.bus();
        int numbers = bridge.config().read(PRIMARY_BUS, 4);
        int primary = numbers & 0xff;
        int secondary = numbers >> 8 & 0xff;
        int subordinate = numbers >> 16 & 0xff;
        if (secondary == 0 && subordinate == 0) {
            return Optional.empty();
        }
        Logger log = bridge.log();
        if (primary == 0 && bus.number() != 0 && secondary != 0 && subordinate != 0) {
            log.info("Primary bus is hard wired to 0");
            primary = bus.number();
        }
        if (primary != bus.number() || secondary <= bus.number() || secondary > subordinate || secondary > bus.last()) {
            log.info("bridge configuration invalid ([bus {}]), reconfiguring", Bus.numbers(secondary, subordinate));
            return Optional.empty();
        }
        if (subordinate > bus.last()) {
            log.warn(
                    "bridge has subordinate {} but max busn {}",
                    String.format("%02x", subordinate),
                    String.format("%02x", bus.last()));
            subordinate = bus.last();
        }
        Bus other = bus.childWith(secondary, subordinate);
        if (other != null && other.bridge() != bridge) {
            log.info(
                    "bridge configuration invalid ([bus {}] overlaps [bus {}] of {}), reconfiguring",
                    Bus.numbers(secondary, subordinate),
                    other.numbers(),
                    other.bridge().name());
            return Optional.empty();
        }
        Bus known = bus.behind(bridge);
        if (known == null || known.number() != secondary) {
            return Optional.of(bus.addBehind(bridge, secondary, subordinate));
        }
        known.setLast(subordinate);
        return Optional.of(known);
    }

    /** Gives a bridge the next free bus number, and for the moment all that follow. */
    private Optional<Bus> number(PciFunction bridge) {
        Bus bus = bridge.bus();
        int secondary = bus.highest() + 1;
        if (secondary > bus.last()) {
            bridge.log().warn("No bus number available for what is behind it");
            return Optional.empty();
        }
        write(bridge, bus.number(), secondary, bus.last());
        int written = bridge.config().read(PRIMARY_BUS, 4) >> 8 & 0xffff;
        if (written != (bus.last() << 8 | secondary)) {
            bridge.log().warn("bus numbers cannot be changed, what is behind it is left out");
            return Optional.empty();
        }
        return Optional.of(bus.addBehind(bridge, secondary, bus.last()));
    }

    private static void write(PciFunction bridge, int primary, int secondary, int subordinate) {
        int latency = bridge.config().read(PRIMARY_BUS, 4) & 0xff00_0000;
        bridge.config().write(PRIMARY_BUS, 4, latency | subordinate << 16 | secondary << 8 | primary);
    }
}
