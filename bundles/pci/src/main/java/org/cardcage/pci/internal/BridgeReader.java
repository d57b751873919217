package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.pci.PciResource;

/** What a PCI-to-PCI bridge passes on (PCI-to-PCI Bridge 1.2 section 3.2.5; Linux {@code pci_read_bridge_bases}). */
final class BridgeReader {

    private static final int IO_GRANULE = 0x1000;
    private static final long MEMORY_GRANULE = 0x10_0000;
    private static final int TYPE_MASK = 0xf;
    private static final int TYPE_WIDE = 1;

    private final PciConfig config;

    BridgeReader(PciConfig config) {
        this.config = config;
    }

    /** The windows that are open. */
    List<PciResource> windows() {
        List<PciResource> open = new ArrayList<>();
        ports(open);
        memory(open);
        prefetchable(open);
        return open;
    }

    private void ports(List<PciResource> open) {
        if (!isImplemented(IO_BASE, 2, 0xe0f0)) {
            return;
        }
        int registers = config.read(IO_BASE, 2);
        long base = (registers & 0xf0L) << 8;
        long limit = registers & 0xf000L;
        if ((registers & TYPE_MASK) == TYPE_WIDE) {
            int upper = config.read(IO_BASE_UPPER16, 4);
            base |= (upper & 0xffffL) << 16;
            limit |= upper & 0xffff_0000L;
        }
        add(open, PciResource.IO_WINDOW, base, limit + IO_GRANULE, true, false);
    }

    private void memory(List<PciResource> open) {
        int registers = config.read(MEMORY_BASE, 4);
        long base = (registers & 0xfff0L) << 16;
        long limit = registers & 0xfff0_0000L;
        add(open, PciResource.MEMORY_WINDOW, base, limit + MEMORY_GRANULE, false, false);
    }

    private void prefetchable(List<PciResource> open) {
        if (!isImplemented(PREF_MEMORY_BASE, 4, 0xffe0_fff0)) {
            return;
        }
        int registers = config.read(PREF_MEMORY_BASE, 4);
        long base = (registers & 0xfff0L) << 16;
        long limit = registers & 0xfff0_0000L;
        boolean wide = (registers & TYPE_MASK) == TYPE_WIDE;
        if (wide) {
            base |= (long) config.read(PREF_BASE_UPPER32, 4) << 32;
            limit |= (long) config.read(PREF_LIMIT_UPPER32, 4) << 32;
        }
        add(open, PciResource.PREFETCHABLE_WINDOW, base, limit + MEMORY_GRANULE, false, wide);
    }

    private static void add(List<PciResource> open, int index, long base, long end, boolean io, boolean wide) {
        if (end > base && base >= 0) {
            boolean prefetchable = index == PciResource.PREFETCHABLE_WINDOW;
            open.add(new PciResource(index, base, end - base, io, wide, prefetchable));
        }
    }

    /** Both windows are optional; registers that are not there read 0 whatever is written. */
    private boolean isImplemented(int offset, int size, int probe) {
        if (config.read(offset, size) != 0) {
            return true;
        }
        config.write(offset, size, probe);
        boolean there = config.read(offset, size) != 0;
        config.write(offset, size, 0);
        return there;
    }
}
