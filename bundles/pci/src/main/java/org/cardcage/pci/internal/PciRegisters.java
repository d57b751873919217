package org.cardcage.pci.internal;

/** Offsets and bits of configuration space (PCI Local Bus 3.0 section 6; Linux {@code pci_regs.h}). */
final class PciRegisters {

    static final int VENDOR_ID = 0x00;
    static final int DEVICE_ID = 0x02;
    static final int COMMAND = 0x04;
    static final int STATUS = 0x06;
    static final int CLASS_REVISION = 0x08;
    static final int HEADER_TYPE = 0x0e;
    static final int BASE_ADDRESS_0 = 0x10;
    static final int SECONDARY_BUS = 0x19;
    static final int SUBSYSTEM_VENDOR_ID = 0x2c;
    static final int SUBSYSTEM_ID = 0x2e;
    static final int CAPABILITY_LIST = 0x34;

    static final int COMMAND_IO = 0x1;
    static final int COMMAND_MEMORY = 0x2;
    static final int COMMAND_MASTER = 0x4;
    static final int COMMAND_INTX_DISABLE = 0x400;

    static final int STATUS_CAP_LIST = 0x10;

    static final int HEADER_TYPE_NORMAL = 0;
    static final int HEADER_TYPE_BRIDGE = 1;
    static final int HEADER_TYPE_MASK = 0x7f;
    static final int HEADER_TYPE_MULTI_FUNCTION = 0x80;

    static final int BAR_IO = 0x1;
    static final int BAR_64 = 0x4;
    static final int BAR_PREFETCH = 0x8;
    static final int BAR_IO_FLAGS = 0x3;
    static final int BAR_MEMORY_FLAGS = 0xf;

    private PciRegisters() {}
}
