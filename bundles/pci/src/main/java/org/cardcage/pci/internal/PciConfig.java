package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

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

    static final int SIZE = 4096;

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
        return gone.getAsBoolean() ? allOnes(size) : machine.readConfig(address, offset, size);
    }

    static int allOnes(int size) {
        return -1 >>> 32 - 8 * size;
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

    /** Whether a function answers, by its vendor and device id (Linux {@code pci_bus_generic_read_dev_vendor_id}). */
    boolean answers() {
        int ids = read(VENDOR_ID, 4);
        // some broken boards give one of these for an empty slot
        return ids != 0xffff_ffff && ids != 0 && ids != 0x0000_ffff && ids != 0xffff_0000;
    }

    /** A write of a driver or a tool, which {@code permission} may refuse by throwing; none slips in after the core's own. */
    void write(int offset, int size, int value, Runnable permission) {
        synchronized (commandLock) {
            permission.run();
            write(offset, size, value);
        }
    }

    /**
     * Changes bits of the command register, one caller at a time, if {@code permission} does not throw.
     *
     * @return what it was before
     */
    int changeCommand(int clear, int set, Runnable permission) {
        synchronized (commandLock) {
            permission.run();
            int before = read(COMMAND, 2);
            int after = before & ~clear | set;
            if (after != before) {
                write(COMMAND, 2, after);
            }
            return before;
        }
    }
}
