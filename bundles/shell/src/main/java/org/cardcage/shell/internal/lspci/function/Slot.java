package org.cardcage.shell.internal.lspci.function;

/**
 * Where a function sits. Unlike {@link org.cardcage.machine.FunctionAddress} it takes what a damaged dump may say.
 *
 * @param domain 0 to 0xffffffff as an unsigned int
 * @param bus 0 to 255
 * @param device 0 to 255
 * @param function 0 to 9
 */
public record Slot(int domain, int bus, int device, int function) implements Comparable<Slot> {

    /** {@code 00:04.0}. */
    public String withoutDomain() {
        return String.format("%02x:%02x.%d", bus, device, function);
    }

    /** {@code 04.0}. */
    public String withoutBus() {
        return String.format("%02x.%d", device, function);
    }

    /** {@code 0000:00:04.0}. */
    @Override
    public String toString() {
        return String.format("%04x:", domain) + withoutDomain();
    }

    @Override
    public int compareTo(Slot o) {
        int c = Integer.compareUnsigned(domain, o.domain);
        c = c != 0 ? c : Integer.compare(bus, o.bus);
        c = c != 0 ? c : Integer.compare(device, o.device);
        return c != 0 ? c : Integer.compare(function, o.function);
    }
}
