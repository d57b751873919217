package org.cardcage.pci;

/**
 * What a base address register decodes (Linux {@code struct resource} of a {@code pci_dev}).
 *
 * @param bar 0 to 5
 * @param start first address or port; 0 if none has been assigned
 * @param length in bytes
 * @param io whether it is I/O ports, else memory
 * @param wide whether the register has 64 bits
 * @param prefetchable whether the memory is prefetchable
 */
public record PciResource(int bar, long start, long length, boolean io, boolean wide, boolean prefetchable) {

    /** Whether firmware has given it addresses. */
    public boolean isAssigned() {
        return start != 0;
    }

    /** As the kernel prints it, {@code [mem 0xfea00000-0xfeafffff]} (Linux {@code %pR}). */
    @Override
    public String toString() {
        String flags = (wide ? " 64bit" : "") + (prefetchable ? " pref" : "");
        if (!isAssigned()) {
            return String.format("[%s size 0x%08x%s]", io ? "io " : "mem", length, flags);
        }
        return io
                ? String.format("[io  0x%04x-0x%04x]", start, start + length - 1)
                : String.format("[mem 0x%08x-0x%08x%s]", start, start + length - 1, flags);
    }
}
