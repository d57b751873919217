package org.cardcage.board.internal;

import org.cardcage.machine.FunctionAddress;

/** The configuration registers of one function, as the platform code that sets up interrupts uses them. */
final class ConfigCycles {

    static final int COMMAND = 0x04;
    static final int COMMAND_INTX_DISABLE = 1 << 10;
    static final int INTERRUPT_PIN = 0x3d;
    static final int CAPABILITY_MSI = 0x05;
    static final int CAPABILITY_MSIX = 0x11;

    private static final int STATUS = 0x06;
    private static final int STATUS_CAPABILITIES = 1 << 4;
    private static final int CAPABILITIES = 0x34;
    private static final int ABSENT = 0xffff;

    private final Fabric fabric;
    private final FunctionAddress address;

    ConfigCycles(Fabric fabric, FunctionAddress address) {
        this.fabric = fabric;
        this.address = address;
    }

    int read(int offset, int size) {
        return fabric.readConfig(address, offset, size);
    }

    void write(int offset, int size, int value) {
        fabric.writeConfig(address, offset, size, value);
    }

    /** Offset of a capability (Linux {@code pci_find_capability}), or 0. */
    int findCapability(int id) {
        int status = read(STATUS, 2);
        if (status == ABSENT || (status & STATUS_CAPABILITIES) == 0) {
            return 0;
        }
        int at = read(CAPABILITIES, 1) & ~3;
        // a list has at most as many entries as fit, whatever the pointers say
        for (int left = 48; at >= 0x40 && left > 0; left--) {
            if (read(at, 1) == id) {
                return at;
            }
            at = read(at + 1, 1) & ~3;
        }
        return 0;
    }

    /** Linux {@code pci_intx}: lets the function use its pin, or not. */
    void intx(boolean enable) {
        int command = read(COMMAND, 2);
        int wanted = enable ? command & ~COMMAND_INTX_DISABLE : command | COMMAND_INTX_DISABLE;
        if (wanted != command) {
            write(COMMAND, 2, wanted);
        }
    }
}
