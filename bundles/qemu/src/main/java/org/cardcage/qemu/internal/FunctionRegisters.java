package org.cardcage.qemu.internal;

import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;

/** The configuration registers of one function, as who sets up its interrupts uses them. Threads: any. */
final class FunctionRegisters {

    static final int INTERRUPT_PIN = 0x3d;
    static final int CAPABILITY_MSI = 0x05;
    static final int CAPABILITY_MSIX = 0x11;

    private static final int COMMAND = 0x04;
    private static final int COMMAND_INTX_DISABLE = 1 << 10;
    private static final int STATUS = 0x06;
    private static final int STATUS_CAPABILITIES = 1 << 4;
    private static final int BARS = 0x10;
    private static final int CAPABILITIES = 0x34;
    private static final int FIRST_CAPABILITY = 0x40;
    /** As many as fit. */
    private static final int MOST_CAPABILITIES = 48;

    private static final int ABSENT = 0xffff;

    private final Machine machine;
    private final FunctionAddress address;

    FunctionRegisters(Machine machine, FunctionAddress address) {
        this.machine = machine;
        this.address = address;
    }

    FunctionAddress address() {
        return address;
    }

    int read(int offset, int size) {
        return machine.readConfig(address, offset, size);
    }

    void write(int offset, int size, int value) {
        machine.writeConfig(address, offset, size, value);
    }

    /** Changes bits of a register of 2 bytes. */
    void change(int offset, int clear, int set) {
        write(offset, 2, read(offset, 2) & ~clear | set);
    }

    /**
     * Offset of a capability (Linux {@code pci_find_capability}).
     *
     * @throws UnsupportedOperationException if the function is absent or lacks it
     */
    int capability(int id, String name) {
        int status = read(STATUS, 2);
        if (status != ABSENT && (status & STATUS_CAPABILITIES) != 0) {
            int at = read(CAPABILITIES, 1) & ~3;
            for (int left = MOST_CAPABILITIES; at >= FIRST_CAPABILITY && left > 0; left--) {
                if (read(at, 1) == id) {
                    return at;
                }
                at = read(at + 1, 1) & ~3;
            }
        }
        throw new UnsupportedOperationException(address + " has no " + name + " capability");
    }

    /** Linux {@code pci_intx}: lets the function use its pin, or not. */
    void intx(boolean enable) {
        change(COMMAND, enable ? COMMAND_INTX_DISABLE : 0, enable ? 0 : COMMAND_INTX_DISABLE);
    }

    /** The address in a memory BAR. */
    long base(int bar) {
        int register = BARS + 4 * bar;
        int low = read(register, 4);
        long base = low & 0xffff_fff0L;
        return (low & 6) == 4 ? base | (long) read(register + 4, 4) << 32 : base;
    }
}
