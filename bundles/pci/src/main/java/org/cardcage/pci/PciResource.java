package org.cardcage.pci;

import org.cardcage.machine.AddressRange;

/**
 * What a function decodes: a base address register, its expansion ROM or, of a bridge, a window (Linux {@code struct
 * resource} of a {@code pci_dev}).
 *
 * @param bar 0 to 5 for a base address register, {@link #ROM}, {@link #IO_WINDOW}, {@link #MEMORY_WINDOW} or {@link
 *     #PREFETCHABLE_WINDOW}
 * @param start first address or port; 0 if none has been assigned
 * @param length in bytes
 * @param io whether it is I/O ports, else memory
 * @param wide whether the register has 64 bits
 * @param prefetchable whether the memory is prefetchable
 */
public record PciResource(int bar, long start, long length, boolean io, boolean wide, boolean prefetchable) {

    /** Index of the expansion ROM (Linux {@code PCI_ROM_RESOURCE}). */
    public static final int ROM = 6;

    /** Index of a bridge's window for ports (Linux {@code PCI_BRIDGE_IO_WINDOW}). */
    public static final int IO_WINDOW = 7;

    /** Index of a bridge's window for memory. */
    public static final int MEMORY_WINDOW = 8;

    /** Index of a bridge's window for prefetchable memory. */
    public static final int PREFETCHABLE_WINDOW = 9;

    /** Whether firmware has given it addresses that nobody else has. */
    public boolean isAssigned() {
        return start != 0;
    }

    /** Whether it is a window of a bridge. */
    public boolean isWindow() {
        return bar >= IO_WINDOW;
    }

    /** Its addresses; only if {@link #isAssigned}. */
    public AddressRange range() {
        return new AddressRange(start, length);
    }

    /** The same without addresses. */
    public PciResource unassigned() {
        return new PciResource(bar, 0, length, io, wide, prefetchable);
    }

    /** As the kernel calls it, {@code BAR 0}, {@code ROM} or {@code bridge window} (Linux {@code pci_resource_name}). */
    public String name() {
        return isWindow() ? "bridge window" : bar == ROM ? "ROM" : "BAR " + bar;
    }

    /** As the kernel prints it, {@code [mem 0xfea00000-0xfeafffff]} (Linux {@code %pR}). */
    @Override
    public String toString() {
        String number = io ? "0x%04x" : "0x%08x";
        String where = isAssigned()
                ? String.format(number + "-" + number, start, start + length - 1)
                : String.format("size " + number, length);
        return "[" + (io ? "io  " : "mem ") + where + (wide ? " 64bit" : "") + (prefetchable ? " pref" : "") + "]";
    }
}
