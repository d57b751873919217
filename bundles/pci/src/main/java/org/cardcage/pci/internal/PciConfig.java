package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;

/**
 * Configuration space of one function, through the cycles of its machine. Of a function that has gone it is all ones and
 * takes nothing, whatever sits in its place by then. Threads: any.
 */
final class PciConfig {

    private static final int SIZE = 4096;
    /** More than fit into 256 bytes, so that a list that loops ends (Linux {@code PCI_FIND_CAP_TTL}). */
    private static final int MAX_CAPABILITIES = 48;

    private static final int FIRST_CAPABILITY = 0x40;

    private final Machine machine;
    private final FunctionAddress address;
    private final BooleanSupplier gone;
    private final Object commandLock = new Object();

    PciConfig(Machine machine, FunctionAddress address, BooleanSupplier gone) {
        this.machine = machine;
        this.address = address;
        this.gone = gone;
    }

    int read(int offset, int size) {
        check(offset, size);
        return gone.getAsBoolean() ? -1 >>> 32 - 8 * size : machine.readConfig(address, offset, size);
    }

    void write(int offset, int size, int value) {
        check(offset, size);
        if (!gone.getAsBoolean()) {
            machine.writeConfig(address, offset, size, value);
        }
    }

    private static void check(int offset, int size) {
        boolean valid = (size == 1 || size == 2 || size == 4) && offset >= 0 && offset < SIZE && offset % size == 0;
        if (!valid) {
            throw new KernelException(
                    Errno.EINVAL, String.format("configuration access of %d bytes at offset 0x%x", size, offset));
        }
    }

    /** A write of a driver or a tool, which {@code permission} may refuse by throwing; none slips in after the core's own. */
    void write(int offset, int size, int value, Runnable permission) {
        synchronized (commandLock) {
            permission.run();
            write(offset, size, value);
        }
    }

    /** Changes bits of the command register, one caller at a time, if {@code permission} does not throw. */
    void changeCommand(int clear, int set, Runnable permission) {
        synchronized (commandLock) {
            permission.run();
            int before = read(COMMAND, 2);
            int after = before & ~clear | set;
            if (after != before) {
                write(COMMAND, 2, after);
            }
        }
    }

    OptionalInt findCapability(int id) {
        if ((read(STATUS, 2) & STATUS_CAP_LIST) == 0) {
            return OptionalInt.empty();
        }
        int offset = read(CAPABILITY_LIST, 1) & 0xfc;
        for (int seen = 0; seen < MAX_CAPABILITIES && offset >= FIRST_CAPABILITY; seen++) {
            int header = read(offset, 2);
            if ((header & 0xff) == 0xff) {
                break;
            }
            if ((header & 0xff) == id) {
                return OptionalInt.of(offset);
            }
            offset = header >> 8 & 0xfc;
        }
        return OptionalInt.empty();
    }
}
