package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;
import org.cardcage.machine.MachineDescription.HostBridge;

/**
 * Finds the functions of a machine by configuration cycles alone (Linux {@code pci_scan_slot}): each device number of each
 * bus, function 0 first, the others only if the header says that there are several; then the buses behind bridges.
 */
final class PciScanner {

    private static final int DEVICES = 32;
    private static final int FUNCTIONS = 8;
    private static final int ALL_ONES_16 = 0xffff;

    private final Machine machine;

    PciScanner(Machine machine) {
        this.machine = machine;
    }

    /** All functions, in the order in which they are found. */
    List<FunctionAddress> scan() {
        List<FunctionAddress> found = new ArrayList<>();
        for (HostBridge host : machine.description().hostBridges()) {
            scanBus(host, host.firstBus(), new BitSet(), found);
        }
        return found;
    }

    private void scanBus(HostBridge host, int bus, BitSet seen, List<FunctionAddress> found) {
        seen.set(bus);
        List<FunctionAddress> here = new ArrayList<>();
        for (int device = 0; device < DEVICES; device++) {
            here.addAll(scanSlot(new FunctionAddress(host.domain(), bus, device, 0)));
        }
        found.addAll(here);
        for (FunctionAddress function : here) {
            if ((machine.readConfig(function, HEADER_TYPE, 1) & HEADER_TYPE_MASK) == HEADER_TYPE_BRIDGE) {
                int secondary = machine.readConfig(function, SECONDARY_BUS, 1);
                // a bridge that names an earlier bus would lead in circles
                if (secondary > bus && secondary <= host.lastBus() && !seen.get(secondary)) {
                    scanBus(host, secondary, seen, found);
                }
            }
        }
    }

    /** The functions of one device number. */
    List<FunctionAddress> scanSlot(FunctionAddress slot) {
        List<FunctionAddress> found = new ArrayList<>();
        FunctionAddress first = slot.withFunction(0);
        if (answers(first)) {
            found.add(first);
            if ((machine.readConfig(first, HEADER_TYPE, 1) & HEADER_TYPE_MULTI_FUNCTION) != 0) {
                for (int function = 1; function < FUNCTIONS; function++) {
                    if (answers(slot.withFunction(function))) {
                        found.add(slot.withFunction(function));
                    }
                }
            }
        }
        return found;
    }

    private boolean answers(FunctionAddress function) {
        int vendor = machine.readConfig(function, VENDOR_ID, 2);
        return vendor != ALL_ONES_16 && vendor != 0;
    }
}
