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
 * are firmware's business: what it has left invalid is said and not looked into. Since the numbers behind a bridge lie
 * between its own bus and that of its parent's last, a scan ends whatever the registers say.
 */
final class PciScanner {

    private static final int DEVICES = 32;
    private static final int FUNCTIONS = 8;

    /** What there is already, and what comes of what is found. */
    interface Finder {

        /** The function that is known at this place. */
        Optional<PciFunction> known(FunctionAddress address);

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
        here.stream().filter(PciFunction::isBridge).forEach(bridge -> found.addAll(scanBehind(bridge)));
        return found;
    }

    /** The new functions of one device number and all below them. */
    List<PciFunction> scan(Bus bus, int device) {
        List<PciFunction> found = new ArrayList<>();
        List<PciFunction> here = scanSlot(bus, device, found);
        here.stream().filter(PciFunction::isBridge).forEach(bridge -> found.addAll(scanBehind(bridge)));
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

    private List<PciFunction> scanBehind(PciFunction bridge) {
        Bus bus = bridge.bus();
        int numbers = bridge.config().read(PRIMARY_BUS, 4);
        int primary = numbers & 0xff;
        int secondary = numbers >> 8 & 0xff;
        int subordinate = numbers >> 16 & 0xff;
        Logger log = bridge.log();
        if (primary == 0 && bus.number() != 0 && secondary != 0 && subordinate != 0) {
            log.info("Primary bus is hard wired to 0");
            primary = bus.number();
        }
        if (primary != bus.number() || secondary <= bus.number() || secondary > subordinate || secondary > bus.last()) {
            log.warn(
                    "bridge configuration invalid ([bus {}]), what is behind it is left out",
                    Bus.numbers(secondary, subordinate));
            return List.of();
        }
        if (subordinate > bus.last()) {
            log.warn(
                    "bridge has subordinate {} but max busn {}",
                    String.format("%02x", subordinate),
                    String.format("%02x", bus.last()));
            subordinate = bus.last();
        }
        Bus child = bus.childWith(secondary, subordinate);
        if (child != null && child.bridge() != bridge) {
            log.warn(
                    "bridge configuration invalid ([bus {}] overlaps [bus {}] of {}), what is behind it is left out",
                    Bus.numbers(secondary, subordinate),
                    child.numbers(),
                    child.bridge().name());
            return List.of();
        }
        if (child == null) {
            child = bus.behind(bridge, secondary, subordinate);
        }
        return scan(child);
    }
}
