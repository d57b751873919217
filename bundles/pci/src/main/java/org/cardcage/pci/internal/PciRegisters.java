package org.cardcage.pci.internal;

/**
 * Offsets and bits of configuration space (PCI Local Bus 3.0 section 6, PCI-to-PCI Bridge 1.2 section 3.2; Linux {@code
 * pci_regs.h}).
 */
final class PciRegisters {

    static final int VENDOR_ID = 0x00;
    static final int COMMAND = 0x04;
    static final int STATUS = 0x06;
    static final int CLASS_REVISION = 0x08;
    static final int HEADER_TYPE = 0x0e;
    static final int BASE_ADDRESS_0 = 0x10;
    static final int PRIMARY_BUS = 0x18;
    static final int SUBORDINATE_BUS = 0x1a;
    static final int IO_BASE = 0x1c;
    static final int MEMORY_BASE = 0x20;
    static final int PREF_MEMORY_BASE = 0x24;
    static final int PREF_BASE_UPPER32 = 0x28;
    static final int PREF_LIMIT_UPPER32 = 0x2c;
    static final int SUBSYSTEM_VENDOR_ID = 0x2c;
    static final int SUBSYSTEM_ID = 0x2e;
    static final int ROM_ADDRESS = 0x30;
    static final int IO_BASE_UPPER16 = 0x30;
    static final int CAPABILITY_LIST = 0x34;
    static final int BRIDGE_ROM_ADDRESS = 0x38;
    static final int INTERRUPT_LINE = 0x3c;
    static final int INTERRUPT_PIN = 0x3d;

    static final int COMMAND_IO = 0x1;
    static final int COMMAND_MEMORY = 0x2;
    static final int COMMAND_MASTER = 0x4;
    static final int COMMAND_INTX_DISABLE = 0x400;

    static final int STATUS_CAP_LIST = 0x10;

    static final int HEADER_TYPE_NORMAL = 0;
    static final int HEADER_TYPE_BRIDGE = 1;
    static final int HEADER_TYPE_CARDBUS = 2;
    static final int HEADER_TYPE_MASK = 0x7f;
    static final int HEADER_TYPE_MULTI_FUNCTION = 0x80;

    static final int BAR_IO = 0x1;
    static final int BAR_64 = 0x4;
    static final int BAR_PREFETCH = 0x8;
    static final int BAR_IO_FLAGS = 0x3;
    static final int BAR_MEMORY_FLAGS = 0xf;
    static final int ROM_ENABLE = 0x1;
    static final int ROM_FLAGS = 0x7ff;

    static final int CAP_ID_SUBSYSTEM = 0x0d;
    static final int SUBSYSTEM_CAP_VENDOR = 4;
    static final int SUBSYSTEM_CAP_DEVICE = 6;
    static final int CAP_ID_EXPRESS = 0x10;
    static final int EXPRESS_FLAGS = 2;

    static final int EXPRESS_DEVICE_CAPABILITIES = 4;
    static final int EXPRESS_DEVICE_CONTROL = 8;
    static final int DEVICE_CAPABILITY_RESET = 1 << 28;
    static final int DEVICE_CONTROL_RESET = 1 << 15;

    static final int CAP_ID_POWER = 0x01;
    static final int POWER_CAPABILITIES = 2;
    static final int POWER_CONTROL = 4;
    static final int POWER_STATE_MASK = 3;
    static final int POWER_NO_SOFT_RESET = 1 << 3;
    static final int POWER_PME_ENABLE = 1 << 8;
    static final int POWER_PME_STATUS = 1 << 15;

    static final int CAP_ID_MSI = 0x05;
    static final int CAP_ID_MSIX = 0x11;
    static final int MESSAGE_CONTROL = 2;

    static final int CAP_ID_ADVANCED_FEATURES = 0x13;
    static final int AF_CAPABILITIES = 3;
    static final int AF_CONTROL = 4;

    static final int EXT_CAP_ID_AER = 0x01;
    static final int AER_UNCORRECTABLE_STATUS = 0x04;
    static final int AER_CORRECTABLE_STATUS = 0x10;

    static final int BRIDGE_CONTROL = 0x3e;
    static final int BRIDGE_CONTROL_BUS_RESET = 0x40;

    /** Base class and subclass. */
    static final int CLASS_BRIDGE_HOST = 0x0600;

    static final int CLASS_BRIDGE_PCI = 0x0604;

    private PciRegisters() {}
}
