package org.cardcage.shell.internal.lspci.capability;

/** The structures of Compute Express Link 3.0 (section 8.1) in designated vendor-specific capabilities. */
final class ComputeExpressLink {

    private static final Register CAPABILITY =
            Register.of("\t\tCXLCap:\tCache{0} IO{1} Mem{2} Mem HW Init{3} HDMCount {4-5} Viral{14}\n");
    private static final Register CONTROL = Register.of(
            "\t\tCXLCtl:\tCache{0} IO{1} Mem{2} Cache SF Cov {3-7} Cache SF Gran {8-10} Cache Clean{11} Viral{14}\n");
    private static final Register STATUS = Register.of("\t\tCXLSta:\tViral{14}\n");
    private static final Register STATUS2 =
            Register.of("\t\tCXLSta2:\tResetComplete{1} ResetError{2} PMComplete{15}\n");
    private static final Register RANGE =
            Register.of("\t\t\tValid{0} Active{1} Type={2-4=Volatile|Non-volatile|CDAT|*<?>}"
                    + " Class={5-7=DRAM|Storage|CDAT|*<?>} interleave={8-12=0|256|4096|512|1024|2048|8192|16384|*<?>}"
                    + " timeout={13-15=1|4|16|64|256|1024|4096|16384}s\n");
    private static final Register PORT_CONTROL =
            Register.of("\t\tCXLPortCtl:\tUnmaskSBR{0} UnmaskLinkDisable{1} AltMem{2} AltBME{3} ViralEnable{14}\n");
    private static final int PORT_COMPLETE = 0xa;
    private static final Register FLIT = Register.of(" 256BFlit{13} PBRFlit{14}");
    private static final Register FLEX_CAPABILITY =
            Register.of("\t\tFBCap:\tCache{0} IO{1} Mem{2} 68BFlit{5} MltLogDev{6}");
    private static final Register FLEX_CONTROL = Register.of("\t\tFBCtl:\tCache{0} IO{1} Mem{2} SynHdrByp{3}"
            + " DrftBuf{4} 68BFlit{5} MltLogDev{6} RCD{7} Retimer1{8} Retimer2{9}");
    private static final Register FLEX_STATUS =
            Register.of("\t\tFBSta:\tCache{0} IO{1} Mem{2} SynHdrByp{3} DrftBuf{4} 68BFlit{5} MltLogDev{6}");
    private static final String[] BLOCKS = {
        "empty", "component registers", "BAR virtualization", "CXL device registers", "CPMU registers"
    };
    private static final int BLOCK_OF_VENDOR = 0xff;
    private static final int[] TIME_FACTORS = {1, 10, 100, 1, 10, 100, 1, 10};
    private static final String[] TIME_UNITS = {"us", "us", "us", "ms", "ms", "ms", "s", "<?>"};

    private static final int DEVICE_LENGTH = 0x38;
    private static final int PORT_LENGTH = 0x28;
    private static final int FUNCTIONS = 8;
    private static final int LOGICAL_DEVICES = 16;

    private ComputeExpressLink() {}

    /**
     * @param id of the structure
     * @param revision of the structure
     * @param length of the structure in bytes
     */
    static void print(Capability c, int id, int revision, int length) {
        if (!c.has(0, length)) {
            return;
        }
        switch (id) {
            case 0 -> device(c, revision, length);
            case 2 -> functionMap(c);
            case 3 -> port(c, length);
            case 4 -> portFlush(c);
            case 5 -> deviceFlush(c);
            case 7 -> flexBus(c, revision);
            case 8 -> registers(c, length);
            case 9 -> logicalDevices(c);
            default -> c.print("\t\tUnknown ID %04x\n", id);
        }
    }

    private static void device(Capability c, int revision, int length) {
        if (revision < 1 || length < DEVICE_LENGTH) {
            return;
        }
        c.print16(CAPABILITY, 0x0a);
        c.print16(CONTROL, 0x0c);
        c.print16(STATUS, 0x0e);
        c.print16(STATUS2, 0x12);
        int unit = c.u8(0x16) & 0xf;
        int size = c.u8(0x17);
        switch (unit) {
            case 0 -> c.print("\t\tCache Size Not Reported\n");
            case 1 -> c.print("\t\tCache Size: %08x\n", size << 16);
            case 2 -> c.print("\t\tCache Size: %08x\n", size << 20);
            default -> c.print("\t\tCache Size: %d of unknown unit size (%d)\n", size, unit);
        }
        range(c, 1, 0x18);
        range(c, 2, 0x28);
    }

    private static void range(Capability c, int number, int at) {
        long size = c.u32(at) << 32 | c.u32(at + 4) & 0xf0000000L;
        long base = c.u32(at + 8) << 32 | c.u32(at + 12);
        c.print("\t\tRange%d: %016x-%016x\n", number, base, base + size - 1);
        c.print32(RANGE, at + 4);
    }

    private static void functionMap(Capability c) {
        for (int i = 0; i < FUNCTIONS; i++) {
            c.print("\t\tFuncMap %d: %08x\n", i, c.u16(0x0c + 4 * i));
        }
    }

    private static void port(Capability c, int length) {
        if (length < PORT_LENGTH) {
            return;
        }
        c.print("\t\tCXLPortSta:\tPMComplete%s\n", (c.u16(0x0a) & PORT_COMPLETE) != 0 ? "+" : "-");
        c.print16(PORT_CONTROL, 0x0c);
        c.print("\t\tAlternateBus:\t%02x-%02x\n", c.u8(0x0e), c.u8(0x0f));
        c.print("\t\tAlternateBus:\t%04x-%04x\n", c.u16(0x10), c.u16(0x12));
    }

    private static void portFlush(Capability c) {
        time(c, "Phase 1 Timeout", c.u16(0x0c));
        time(c, "Phase 2 Timeout", c.u16(0x0e));
    }

    private static void deviceFlush(Capability c) {
        time(c, "Phase 2 Duration", c.u16(0x0a));
        c.print("\t\tGPF Phase 2 Power: %dmW\n", c.u32(0x0c));
    }

    private static void time(Capability c, String what, int register) {
        int scale = register >> 8 & 0xf;
        if (scale < TIME_UNITS.length) {
            c.print("\t\tGPF %s: %d%s\n", what, (register & 0xf) * TIME_FACTORS[scale], TIME_UNITS[scale]);
        } else {
            c.print("\t\tReserved time scale encoding %x\n", scale);
            c.print("\t\tGPF %s: %d<?>\n", what, register & 0xf);
        }
    }

    private static void flexBus(Capability c, int revision) {
        if (revision < 1) {
            c.print("\t\tRevision %d not supported\n", revision);
            return;
        }
        flits(c, FLEX_CAPABILITY, 0x0a, revision);
        flits(c, FLEX_CONTROL, 0x0c, revision);
        flits(c, FLEX_STATUS, 0x0e, revision);
        c.print("\t\tFBModTS:\tReceived FB Data: %06x\n", c.u32(0x10) & 0xffffff);
        if (revision > 1) {
            c.print32(Register.of("\t\tFBCap2:\tNOPHint{0}\n"), 0x14);
            c.print32(Register.of("\t\tFBCtl2:\tNOPHint{0}\n"), 0x18);
            c.print32(Register.of("\t\tFBSta2:\tNOPHintInfo: {0-1:%x}\n"), 0x1c);
        }
    }

    private static void flits(Capability c, Register register, int offset, int revision) {
        c.print16(register, offset);
        c.print(revision > 1 ? FLIT.text(c.u16(offset)) : "");
        c.print("\n");
    }

    private static void logicalDevices(Capability c) {
        int count = c.u16(0x0a);
        if (count >= 1 && count <= LOGICAL_DEVICES) {
            c.print("\t\tNumLogDevs: %d\n", count);
        }
    }

    private static void registers(Capability c, int length) {
        for (int i = 1, at = 0x0c; at + 8 <= length; i++, at += 8) {
            int id = c.u8(at + 1);
            if (id != 0) {
                String name = id < BLOCKS.length ? BLOCKS[id] : id == BLOCK_OF_VENDOR ? "vendor-specific" : "<?>";
                c.print("\t\tBlock%d: BIR: bar%d, ID: %s", i, c.u8(at) & 7, name);
                c.print(", offset: %016x\n", c.u32(at + 4) << 32 | c.u32(at) & 0xffff0000L);
            }
        }
    }
}
