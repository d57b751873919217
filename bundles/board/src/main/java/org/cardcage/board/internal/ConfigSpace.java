package org.cardcage.board.internal;

import org.cardcage.device.Bar;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.MsiCapability;

/**
 * The 256 bytes of configuration space of a conventional function with a type 0 header (PCI 3.0 chapter 6), and what they
 * mean at the moment. Which bits can be written is as measured on QEMU's generic PCI code; bytes from 0x40 on that belong
 * to no capability are plain memory that survives a reset.
 *
 * <p>Threads: guarded by the lock of the {@link Fabric}.
 */
final class ConfigSpace {

    /** Bytes of a conventional configuration space. */
    static final int SIZE = 256;

    private static final int VENDOR = 0x00;
    private static final int DEVICE = 0x02;
    private static final int COMMAND = 0x04;
    private static final int STATUS = 0x06;
    private static final int REVISION = 0x08;
    private static final int CLASS = 0x09;
    private static final int CACHE_LINE = 0x0c;
    private static final int HEADER_TYPE = 0x0e;
    private static final int BARS = 0x10;
    private static final int SUBSYSTEM_VENDOR = 0x2c;
    private static final int SUBSYSTEM = 0x2e;
    private static final int CAPABILITIES = 0x34;
    private static final int INTERRUPT_LINE = 0x3c;
    private static final int INTERRUPT_PIN = 0x3d;
    private static final int SCRATCH = 0x40;

    private static final int COMMAND_IO = 1;
    private static final int COMMAND_MEMORY = 1 << 1;
    private static final int COMMAND_MASTER = 1 << 2;
    private static final int COMMAND_SERR = 1 << 8;
    private static final int COMMAND_INTX_DISABLE = 1 << 10;
    private static final int COMMAND_WRITABLE =
            COMMAND_IO | COMMAND_MEMORY | COMMAND_MASTER | COMMAND_SERR | COMMAND_INTX_DISABLE;
    private static final int STATUS_INTERRUPT = 1 << 3;
    private static final int STATUS_CAPABILITIES = 1 << 4;
    private static final int MULTI_FUNCTION = 1 << 7;

    private static final int MSI_ID = 0x05;
    private static final int MSI_ENABLE = 1;
    private static final int MSI_COUNT_SHIFT = 4;
    private static final int MSI_COUNT = 7 << MSI_COUNT_SHIFT;
    private static final int MSI_64 = 1 << 7;

    private final MsiCapability msi;

    private final byte[] value = new byte[SIZE];
    private final byte[] writable = new byte[SIZE];

    ConfigSpace(FunctionDescription d) {
        set(VENDOR, 2, d.vendorId());
        set(DEVICE, 2, d.deviceId());
        set(REVISION, 1, d.revision());
        set(CLASS, 1, d.classCode());
        set(CLASS + 1, 2, d.classCode() >>> 8);
        set(SUBSYSTEM_VENDOR, 2, d.subsystemVendorId());
        set(SUBSYSTEM, 2, d.subsystemId());
        set(INTERRUPT_PIN, 1, d.interruptPin());
        allow(COMMAND, 2, COMMAND_WRITABLE);
        allow(CACHE_LINE, 1, 0xff);
        allow(INTERRUPT_LINE, 1, 0xff);
        for (Bar bar : d.bars()) {
            addBar(bar);
        }
        for (int i = SCRATCH; i < SIZE; i++) {
            allow(i, 1, 0xff);
        }
        msi = d.msi().orElse(null);
        if (msi != null) {
            addMsi();
        }
    }

    private void addBar(Bar bar) {
        int at = BARS + 4 * bar.index();
        int kind =
                switch (bar.kind()) {
                    case IO -> 1;
                    case MEMORY_32 -> 0;
                    case MEMORY_64 -> 4;
                };
        set(at, 4, kind | (bar.prefetchable() ? 8 : 0));
        allow(at, 4, (int) -bar.size());
        if (bar.kind() == Bar.Kind.MEMORY_64) {
            allow(at + 4, 4, (int) (-bar.size() >>> 32));
        }
    }

    private void addMsi() {
        int at = msi.offset();
        for (int i = at; i < at + msi.length(); i++) {
            allow(i, 1, 0);
        }
        set(at, 1, MSI_ID);
        set(at + 2, 2, Integer.numberOfTrailingZeros(msi.vectors()) << 1 | (msi.address64() ? MSI_64 : 0));
        allow(at + 2, 2, MSI_ENABLE | MSI_COUNT);
        allow(at + 4, 4, ~3);
        if (msi.address64()) {
            allow(at + 8, 4, -1);
        }
        allow(dataOffset(), 2, 0xffff);
        set(CAPABILITIES, 1, at);
        set(STATUS, 2, STATUS_CAPABILITIES);
    }

    private int dataOffset() {
        return msi.offset() + (msi.address64() ? 12 : 8);
    }

    private void set(int offset, int size, int bits) {
        for (int i = 0; i < size; i++) {
            value[offset + i] = (byte) (bits >>> (8 * i));
        }
    }

    private void allow(int offset, int size, int bits) {
        for (int i = 0; i < size; i++) {
            writable[offset + i] = (byte) (bits >>> (8 * i));
        }
    }

    /** The bytes from {@code offset}, all inside the space, zero-extended unless there are four. */
    int read(int offset, int size) {
        int result = 0;
        for (int i = size - 1; i >= 0; i--) {
            result = result << 8 | value[offset + i] & 0xff;
        }
        return result;
    }

    /** Whether an access covers the byte with the bus master bit. */
    static boolean touchesCommand(int offset, int size) {
        return offset <= COMMAND && offset + size > COMMAND;
    }

    /**
     * A write as far as the bits allow it.
     *
     * @return whether it touched the MSI capability and left it enabled, upon which the function drops its pin
     */
    boolean write(int offset, int size, int bits) {
        for (int i = 0; i < size; i++) {
            int mask = writable[offset + i];
            int fresh = bits >>> (8 * i);
            value[offset + i] = (byte) (value[offset + i] & ~mask | fresh & mask);
        }
        boolean touched = msi != null && offset < msi.offset() + msi.length() && offset + size > msi.offset();
        if (!touched || !messagesEnabled()) {
            return false;
        }
        int control = read(msi.offset() + 2, 2);
        int enabled = (control & MSI_COUNT) >>> MSI_COUNT_SHIFT;
        int most = Integer.numberOfTrailingZeros(msi.vectors());
        set(msi.offset() + 2, 2, control & ~MSI_COUNT | Math.min(enabled, most) << MSI_COUNT_SHIFT);
        return true;
    }

    /** What a bus reset clears: command, cache line size, interrupt line, BARs and the MSI fields. */
    void reset() {
        clearWritable(0, SCRATCH);
        if (msi != null) {
            clearWritable(msi.offset(), msi.offset() + msi.length());
        }
    }

    private void clearWritable(int from, int to) {
        for (int i = from; i < to; i++) {
            value[i] &= (byte) ~writable[i];
        }
    }

    /** The interrupt status bit, which software cannot write. */
    void setInterruptStatus(boolean requested) {
        int status = read(STATUS, 2);
        set(STATUS, 2, requested ? status | STATUS_INTERRUPT : status & ~STATUS_INTERRUPT);
    }

    /** The multi-function bit of the header type, which software cannot write. */
    void setMultiFunction(boolean several) {
        set(HEADER_TYPE, 1, several ? MULTI_FUNCTION : 0);
    }

    boolean busMaster() {
        return (read(COMMAND, 2) & COMMAND_MASTER) != 0;
    }

    boolean intxDisabled() {
        return (read(COMMAND, 2) & COMMAND_INTX_DISABLE) != 0;
    }

    boolean messagesEnabled() {
        return msi != null && (read(msi.offset() + 2, 2) & MSI_ENABLE) != 0;
    }

    /** The 64-bit address of the message; 0 without the capability. */
    long messageAddress() {
        if (msi == null) {
            return 0;
        }
        long upper = msi.address64() ? read(msi.offset() + 8, 4) & 0xffff_ffffL : 0;
        return upper << 32 | read(msi.offset() + 4, 4) & 0xffff_ffffL;
    }

    /** The 16 bits of data of the first vector; 0 without the capability. */
    int messageData() {
        return msi == null ? 0 : read(dataOffset(), 2);
    }

    /** How many vectors software has enabled, a power of two. */
    int messageCount() {
        return msi == null ? 1 : 1 << ((read(msi.offset() + 2, 2) & MSI_COUNT) >>> MSI_COUNT_SHIFT);
    }

    /** The first address that the BAR decodes just now, or -1 if it decodes nothing. */
    long base(Bar bar) {
        int at = BARS + 4 * bar.index();
        int enable = bar.kind() == Bar.Kind.IO ? COMMAND_IO : COMMAND_MEMORY;
        long raw = read(at, 4) & 0xffff_ffffL;
        if (bar.kind() == Bar.Kind.MEMORY_64) {
            raw |= (long) read(at + 4, 4) << 32;
        }
        long base = raw & -bar.size();
        long last = base + bar.size() - 1;
        boolean usable =
                switch (bar.kind()) {
                    case IO -> last <= 0xffff;
                    case MEMORY_32 -> last < 0xffff_ffffL;
                    case MEMORY_64 -> last != -1L;
                };
        return base != 0 && usable && (read(COMMAND, 2) & enable) != 0 ? base : -1;
    }
}
