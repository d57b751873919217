package org.cardcage.shell.internal.lspci.capability;

/** HyperTransport I/O Link 3.10: the two kinds of interface, and short capabilities by their type. */
final class HyperTransport {

    private static final String WIDTHS = "8bit|16bit|[2]|32bit|2bit|4bit|[6]|N/C";
    private static final String FREQUENCIES =
            "200MHz|300MHz|400MHz|500MHz|600MHz|800MHz|1.0GHz|1.2GHz|1.4GHz|1.6GHz" + "|[a]|[b]|[c]|[d]|[e]|Vend";

    private static final Register PRIMARY =
            Register.of("\t\tCommand: BaseUnitID={0-4} UnitCnt={5-9} MastHost{10} DefDir{11}");
    private static final Register PRIMARY_DROP = Register.of(" DUL{12}");
    private static final Register SECONDARY = Register.of("\t\tCommand: WarmRst{0} DblEnd{1}");
    private static final Register SECONDARY_MORE =
            Register.of(" DevNum={2-6} ChainSide{7} HostHide{8} Slave{10} <EOCErr{11} DUL{12}");
    private static final Register CONTROL =
            Register.of(": CFlE{1} CST{2} CFE{3} <LkFail{4} Init{5} EOC{6} TXO{7} <CRCErr={8-11:%x}");
    private static final Register CONTROL_MORE = Register.of(" IsocEn{12} LSEn{13} ExtCTL{14} 64b{15}");
    private static final Register WIDTH = Register.of(": MLWI={0-2=" + WIDTHS + "} MLWO={4-6=" + WIDTHS + "} LWI={8-10="
            + WIDTHS + "} LWO={12-14=" + WIDTHS + "}\n");
    private static final Register WIDTH_FLOW = Register.of(": MLWI={0-2=" + WIDTHS + "} DwFcIn{3} MLWO={4-6=" + WIDTHS
            + "} DwFcOut{7} LWI={8-10=" + WIDTHS + "} DwFcInEn{11} LWO={12-14=" + WIDTHS + "} DwFcOutEn{15}\n");
    private static final Register REVISION = Register.of("Revision ID: {5-7}.{0-4:%02d}\n");
    private static final Register FREQUENCY = Register.of(": {0-3=" + FREQUENCIES + "}\n");
    private static final Register ERROR = Register.of(": <Prot{4} <Ovfl{5} <EOC{6} CTLTm{7}\n");
    private static final Register FREQUENCY_CAPABILITY = Register.of(": 200MHz{0} 300MHz{1} 400MHz{2} 500MHz{3}"
            + " 600MHz{4} 800MHz{5} 1.0GHz{6} 1.2GHz{7} 1.4GHz{8} 1.6GHz{9} Vend{15}\n");
    private static final Register FEATURE =
            Register.of("\t\tFeature Capability: IsocFC{0} LDTSTOP{1} CRCTM{2} ECTLT{3} 64bA{4} UIDRD{5}");
    private static final Register FEATURE_MORE = Register.of(" ExtRS{8} UCnfE{9}");
    private static final Register ERROR_HANDLING = Register.of(
            "\t\tError Handling: PFlE{0} OFlE{1} PFE{2} OFE{3} EOCFE{4} RFE{5} CRCFE{6} SERRFE{7} CF{8} RE{9}"
                    + " PNFE{10} ONFE{11} EOCNFE{12} RNFE{13} CRCNFE{14} SERRNFE{15}\n");
    private static final Register TYPE = Register.of("HyperTransport: {11-15=#00|#01|#02|#03|#04|#05|#06|#07"
            + "|Switch|#09|#0a|#0b|#0c|#0d|#0e|#0f|Interrupt Discovery and Configuration|Revision ID|UnitID Clumping"
            + "|Extended Configuration Space Access|Address Mapping|MSI Mapping|DirectRoute|VCSet|Retry Mode"
            + "|X86 (reserved)|#1a|#1b|#1c|#1d|#1e|#1f}");
    private static final Register MSI_MAPPING = Register.of(" Enable{0} Fixed{1}\n");

    private static final int TYPE_REVISION = 0x11;
    private static final int TYPE_MSI_MAPPING = 0x15;
    private static final int REVISION_1_02 = 0x22;
    private static final int REVISION_UNCLEAR = 0x11;
    private static final int EXTENDED_REGISTERS = 0x100;

    private HyperTransport() {}

    static void print(Capability c) {
        int command = c.u16(2);
        switch (command >> 13) {
            case 0 -> primary(c);
            case 1 -> secondary(c);
            default -> other(c, command);
        }
    }

    private static void other(Capability c, int command) {
        int type = command >> 11;
        if (type == TYPE_REVISION) {
            c.print("HyperTransport: ");
            c.print(REVISION, command);
            return;
        }
        c.print(TYPE, command);
        if (type != TYPE_MSI_MAPPING) {
            c.print("\n");
            return;
        }
        c.print(MSI_MAPPING, command);
        if ((command & 2) == 0 && c.isDetailed(4, 8)) {
            c.print("\t\tMapping Address Base: %016x\n", c.u32(8) << 32 | c.u32(4) & 0xfff00000L);
        }
    }

    private static void primary(Capability c) {
        c.print("HyperTransport: Slave or Primary Interface\n");
        if (!c.isDetailed(4, 0x18)) {
            return;
        }
        int revision = c.u8(0x0c);
        boolean modern = warnOfGuess(c, revision);
        c.print16(PRIMARY, 2);
        end(c, modern, PRIMARY_DROP, 2);
        for (int link = 0; link < 2; link++) {
            int at = 4 + 4 * link;
            c.print("\t\tLink Control %d", link);
            c.print16(CONTROL, at);
            end(c, modern, CONTROL_MORE, at);
            c.print("\t\tLink Config %d", link);
            c.print16(modern ? WIDTH_FLOW : WIDTH, at + 2);
        }
        c.print("\t\t");
        c.print(REVISION, revision);
        if (!modern) {
            return;
        }
        frequency(c, " 0", 0x0d, 0x0e);
        c.print8(FEATURE, 0x10);
        c.print("\n");
        frequency(c, " 1", 0x11, 0x12);
        c.print16(ERROR_HANDLING, 0x16);
        c.print("\t\tPrefetchable memory behind bridge Upper: %02x-%02x\n", c.u8(0x18), c.u8(0x19));
        c.print("\t\tBus Number: %02x\n", c.u8(0x1a));
    }

    private static void secondary(Capability c) {
        c.print("HyperTransport: Host or Secondary Interface\n");
        if (!c.isDetailed(4, 0x14)) {
            return;
        }
        int revision = c.u8(0x08);
        boolean modern = warnOfGuess(c, revision);
        c.print16(SECONDARY, 2);
        end(c, modern, SECONDARY_MORE, 2);
        c.print("\t\tLink Control");
        c.print16(CONTROL, 4);
        end(c, modern, CONTROL_MORE, 4);
        c.print("\t\tLink Config");
        c.print16(modern ? WIDTH_FLOW : WIDTH, 6);
        c.print("\t\t");
        c.print(REVISION, revision);
        if (!modern) {
            return;
        }
        frequency(c, "", 0x09, 0x0a);
        c.print16(FEATURE, 0x0c);
        end(c, true, FEATURE_MORE, 0x0c);
        if ((c.u16(0x0c) & EXTENDED_REGISTERS) != 0) {
            c.print16(ERROR_HANDLING, 0x12);
            c.print("\t\tPrefetchable memory behind bridge Upper: %02x-%02x\n", c.u8(0x14), c.u8(0x15));
        }
    }

    /** Whether the registers are those of revision 1.02 and later. */
    private static boolean warnOfGuess(Capability c, int revision) {
        if (revision > REVISION_UNCLEAR && revision < REVISION_1_02) {
            c.print("\t\t!!! Possibly incomplete decoding\n");
        }
        return revision >= REVISION_1_02;
    }

    private static void end(Capability c, boolean more, Register register, int offset) {
        if (more) {
            c.print16(register, offset);
        }
        c.print("\n");
    }

    private static void frequency(Capability c, String link, int offset, int capability) {
        c.print("\t\tLink Frequency" + link);
        c.print8(FREQUENCY, offset);
        c.print("\t\tLink Error" + link);
        c.print8(ERROR, offset);
        c.print("\t\tLink Frequency Capability" + link);
        // pciutils reads the lower half only
        c.print8(FREQUENCY_CAPABILITY, capability);
    }
}
