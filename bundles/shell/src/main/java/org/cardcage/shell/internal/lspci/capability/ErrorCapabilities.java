package org.cardcage.shell.internal.lspci.capability;

import java.util.Map;
import org.cardcage.shell.internal.lspci.capability.Capabilities.Printer;

/** Extended capabilities about errors and their containment, and the vendor's own (PCI Express 5.0 chapter 7). */
final class ErrorCapabilities {

    private static final Register UNCORRECTABLE = Register.of(":\tDLP{4} SDES{5} TLP{12} FCP{13} CmpltTO{14}"
            + " CmpltAbrt{15} UnxCmplt{16} RxOF{17} MalfTLP{18} ECRC{19} UnsupReq{20} ACSViol{21}\n");
    private static final Register CORRECTABLE =
            Register.of(":\tRxErr{0} BadTLP{6} BadDLLP{7} Rollover{8} Timeout{12} AdvNonFatalErr{13}\n");
    private static final Register AER_CONTROL =
            Register.of("\t\tAERCap:\tFirst Error Pointer: {0-4:%02x}, ECRCGenCap{5}"
                    + " ECRCGenEn{6} ECRCChkCap{7} ECRCChkEn{8}\n\t\t\tMultHdrRecCap{9} MultHdrRecEn{10} TLPPfxPres{11}"
                    + " HdrLogCap{12}\n");
    private static final Register AER_ROOT_COMMAND = Register.of("\t\tRootCmd: CERptEn{0} NFERptEn{1} FERptEn{2}\n");
    private static final Register AER_ROOT_STATUS =
            Register.of("\t\tRootSta: CERcvd{0} MultCERcvd{1} UERcvd{2} MultUERcvd{3}\n"
                    + "\t\t\t FirstFatal{4} NonFatalMsg{5} FatalMsg{6} IntMsg {27-31}\n");

    private static final Register DPC_CAPABILITY = Register.of("\t\tDpcCap:\tINT Msg #{0-4}, RPExt{5} PoisonedTLP{6}"
            + " SwTrigger{7} RP PIO Log {8-11}, DL_ActiveErr{12}\n");
    private static final Register DPC_CONTROL = Register.of("\t\tDpcCtl:\tTrigger:{0-1:%x} Cmpl{2} INT{3} ErrCor{4}"
            + " PoisonedTLP{5} SwTrigger{6} DL_ActiveErr{7}\n");
    private static final Register DPC_STATUS = Register.of("\t\tDpcSta:\tTrigger{0} Reason:{1-2:%02x} INT{3} RPBusy{4}"
            + " TriggerExt:{5-6:%02x} RP PIO ErrPtr:{8-12:%02x}\n");

    private ErrorCapabilities() {}

    static void addTo(Map<Integer, Printer> all) {
        all.put(0x00, c -> c.print("Null\n"));
        all.put(0x01, ErrorCapabilities::advancedErrorReporting);
        all.put(0x03, ErrorCapabilities::serialNumber);
        all.put(0x0b, ErrorCapabilities::vendorSpecific);
        all.put(0x1d, ErrorCapabilities::downstreamPortContainment);
    }

    private static void advancedErrorReporting(Capability c) {
        c.print("Advanced Error Reporting\n");
        if (!c.isDetailed(4, 40)) {
            return;
        }
        c.print("\t\tUESta");
        c.print32(UNCORRECTABLE, 0x04);
        c.print("\t\tUEMsk");
        c.print32(UNCORRECTABLE, 0x08);
        c.print("\t\tUESvrt");
        c.print32(UNCORRECTABLE, 0x0c);
        c.print("\t\tCESta");
        c.print32(CORRECTABLE, 0x10);
        c.print("\t\tCEMsk");
        c.print32(CORRECTABLE, 0x14);
        c.print32(AER_CONTROL, 0x18);
        c.print("\t\tHeaderLog: %08x %08x %08x %08x\n", c.u32(0x1c), c.u32(0x20), c.u32(0x24), c.u32(0x28));
        if (isRoot(c) && c.has(0x2c, 12)) {
            c.print32(AER_ROOT_COMMAND, 0x2c);
            c.print32(AER_ROOT_STATUS, 0x30);
            c.print("\t\tErrorSrc: ERR_COR: %04x ERR_FATAL/NONFATAL: %04x\n", c.u16(0x34), c.u16(0x36));
        }
    }

    private static boolean isRoot(Capability c) {
        return c.portType() >= 0 && new ExpressPort(c.portType() << 4).isRoot();
    }

    private static void serialNumber(Capability c) {
        if (!c.has(4, 8)) {
            // pciutils does not even end the line
            return;
        }
        c.print("Device Serial Number ");
        for (int i = 7; i > 0; i--) {
            c.print("%02x-", c.u8(4 + i));
        }
        c.print("%02x\n", c.u8(4));
    }

    private static void vendorSpecific(Capability c) {
        c.print("Vendor Specific Information: ");
        if (c.has(4, 4)) {
            c.print("ID=%04x Rev=%d Len=%03x <?>\n", c.u16(4), c.u32(4) >> 16 & 0xf, c.u32(4) >> 20);
        } else {
            c.print("<unreadable>\n");
        }
    }

    private static void downstreamPortContainment(Capability c) {
        c.print("Downstream Port Containment\n");
        if (c.isDetailed(4, 8)) {
            c.print16(DPC_CAPABILITY, 4);
            c.print16(DPC_CONTROL, 6);
            c.print16(DPC_STATUS, 8);
            c.print("\t\tSource:\t%04x\n", c.u16(10));
        }
    }
}
