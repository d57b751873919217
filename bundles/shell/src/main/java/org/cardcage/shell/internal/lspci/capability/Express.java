package org.cardcage.shell.internal.lspci.capability;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.cardcage.shell.internal.lspci.capability.ExpressPort.Kind;

/** The PCI Express capability (PCI Express 5.0 section 7.5.3), first the registers that all versions have. */
final class Express {

    private static final String PAYLOADS = "128|256|512|1024|2048|4096|8192|16384";
    private static final String LATENCY_L0S = "<64ns|<128ns|<256ns|<512ns|<1us|<2us|<4us|unlimited";
    private static final String LATENCY_L1 = "<1us|<2us|<4us|<8us|<16us|<32us|<64us|unlimited";
    static final String SPEEDS = "unknown|2.5GT/s|5GT/s|8GT/s|16GT/s|32GT/s|64GT/s|*unknown";

    private static final Register DEVICE_CAPABILITIES =
            Register.of("\t\tDevCap:\tMaxPayload {0-2=" + PAYLOADS + "} bytes, PhantFunc {3-4=0|1|3|7}");
    private static final Register DEVICE_LATENCY =
            Register.of(", Latency L0s {6-8=" + LATENCY_L0S + "}, L1 {9-11=" + LATENCY_L1 + "}");
    private static final Register DEVICE_EXT_TAG = Register.of("\n\t\t\tExtTag{5}");
    private static final Register DEVICE_BUTTONS = Register.of(" AttnBtn{12} AttnInd{13} PwrInd{14}");
    private static final Register DEVICE_ERRORS = Register.of(" RBE{15}");
    private static final Register DEVICE_RESET = Register.of(" FLReset{28}");
    private static final Register DEVICE_CONTROL = Register.of("\t\tDevCtl:\tCorrErr{0} NonFatalErr{1} FatalErr{2}"
            + " UnsupReq{3}\n\t\t\tRlxdOrd{4} ExtTag{8} PhantFunc{9} AuxPwr{10} NoSnoop{11}");
    private static final Register DEVICE_CONTROL_RETRY = Register.of(" BrConfRtry{15}");
    private static final Register DEVICE_CONTROL_RESET = Register.of(" FLReset{15}");
    private static final Register DEVICE_CONTROL_SIZES =
            Register.of("\n\t\t\tMaxPayload {5-7=" + PAYLOADS + "} bytes, MaxReadReq {12-14=" + PAYLOADS + "} bytes\n");
    private static final Register DEVICE_STATUS =
            Register.of("\t\tDevSta:\tCorrErr{0} NonFatalErr{1} FatalErr{2} UnsupReq{3} AuxPwr{4} TransPend{5}\n");

    private static final Register LINK_CAPABILITIES = Register.of("\t\tLnkCap:\tPort #{24-31}, Speed {0-3=" + SPEEDS
            + "}, Width x{4-9}, ASPM {10-11=not supported|L0s|L1|L0s L1}");
    private static final Register LINK_L0S = Register.of("L0s {12-14=" + LATENCY_L0S + "}");
    private static final Register LINK_L1 = Register.of("L1 {15-17=" + LATENCY_L1 + "}");
    private static final Register LINK_CAPABILITIES_END =
            Register.of("\n\t\t\tClockPM{18} Surprise{19} LLActRep{20} BwNot{21} ASPMOptComp{22}\n");
    private static final Register LINK_CONTROL =
            Register.of("\t\tLnkCtl:\tASPM {0-1=Disabled|L0s Enabled|L1 Enabled|L0s L1 Enabled};");
    private static final Register LINK_CONTROL_RCB = Register.of(" RCB {3-3=64|128} bytes,");
    private static final Register LINK_CONTROL_END =
            Register.of(" Disabled{4} CommClk{6}\n\t\t\tExtSynch{7} ClockPM{8} AutWidDis{9} BWInt{10} AutBWInt{11}\n");
    private static final Register LINK_SPEED = Register.of("\t\tLnkSta:\tSpeed {0-3=" + SPEEDS + "}");
    private static final Register LINK_WIDTH = Register.of(", Width x{4-9}");
    private static final Register LINK_STATUS_END =
            Register.of("\n\t\t\tTrErr{10} Train{11} SlotClk{12} DLActive{13} BWMgmt{14} ABWMgmt{15}\n");

    private static final Register SLOT_CAPABILITIES = Register.of("\t\tSltCap:\tAttnBtn{0} PwrCtrl{1} MRL{2} AttnInd{3}"
            + " PwrInd{4} HotPlug{6} Surprise{5}\n\t\t\tSlot #{19-31}, PowerLimit ");
    private static final Register SLOT_CAPABILITIES_END = Register.of("; Interlock{17} NoCompl{18}\n");
    private static final String INDICATOR = "Unknown|On|Blink|Off";
    private static final Register SLOT_CONTROL = Register.of("\t\tSltCtl:\tEnable: AttnBtn{0} PwrFlt{1} MRL{2}"
            + " PresDet{3} CmdCplt{4} HPIrq{5} LinkChg{12}\n\t\t\tControl: AttnInd {6-7=" + INDICATOR
            + "}, PwrInd {8-9="
            + INDICATOR + "}, Power{10} Interlock{11}\n");
    private static final Register SLOT_STATUS =
            Register.of("\t\tSltSta:\tStatus: AttnBtn{0} PowerFlt{1} MRL{5} CmdCplt{4} PresDet{6} Interlock{7}\n"
                    + "\t\t\tChanged: MRL{2} PresDet{3} LinkState{8}\n");

    private static final Register ROOT_CAPABILITIES = Register.of("\t\tRootCap: CRSVisible{0}\n");
    private static final Register ROOT_CONTROL =
            Register.of("\t\tRootCtl: ErrCorrectable{0} ErrNon-Fatal{1} ErrFatal{2} PMEIntEna{3} CRSVisible{4}\n");
    private static final Register ROOT_STATUS =
            Register.of("\t\tRootSta: PME ReqID {0-15:%04x}, PMEStatus{16} PMEPending{17}\n");

    private static final Set<Kind> ENDPOINTS = EnumSet.of(Kind.ENDPOINT, Kind.LEGACY_ENDPOINT);
    private static final Set<Kind> WITH_RESET = EnumSet.of(Kind.ENDPOINT, Kind.LEGACY_ENDPOINT, Kind.ROOT_INTEGRATED);
    private static final Set<Kind> WITH_BUTTONS =
            EnumSet.of(Kind.ENDPOINT, Kind.LEGACY_ENDPOINT, Kind.UPSTREAM, Kind.TO_PCI);
    private static final Set<Kind> WITH_RCB =
            EnumSet.of(Kind.ENDPOINT, Kind.LEGACY_ENDPOINT, Kind.ROOT_PORT, Kind.TO_PCI);
    private static final Set<Kind> WITH_POWER_LIMIT = EnumSet.of(Kind.ENDPOINT, Kind.UPSTREAM, Kind.TO_PCI);

    private static final int RESET_CAPABLE = 1 << 28;

    private Express() {}

    static void print(Capability c) {
        ExpressPort port = new ExpressPort(c.u16(2));
        c.print("Express ");
        if (c.isDetailed()) {
            c.print("(v%d) ", port.version());
        }
        c.print(port.title());
        c.print(", MSI %02x\n", port.message());
        if (!c.isDetailed(4, port.isRoot() ? 32 : port.hasSlot() ? 24 : 16)) {
            return;
        }
        device(c, port.kind());
        if (port.hasLink()) {
            link(c, port);
        }
        if (port.hasSlot()) {
            slot(c);
        }
        if (port.isRoot()) {
            c.print16(ROOT_CAPABILITIES, 0x1e);
            c.print16(ROOT_CONTROL, 0x1c);
            c.print32(ROOT_STATUS, 0x20);
        }
        if (port.version() >= 2) {
            Express2.print(c, port);
        }
    }

    private static void device(Capability c, Kind kind) {
        long capabilities = c.u32(4);
        c.print(DEVICE_CAPABILITIES, capabilities);
        if (ENDPOINTS.contains(kind)) {
            c.print(DEVICE_LATENCY, capabilities);
        }
        c.print(DEVICE_EXT_TAG, capabilities);
        if (WITH_BUTTONS.contains(kind)) {
            c.print(DEVICE_BUTTONS, capabilities);
        }
        c.print(DEVICE_ERRORS, capabilities);
        if (WITH_RESET.contains(kind)) {
            c.print(DEVICE_RESET, capabilities);
        }
        if (WITH_POWER_LIMIT.contains(kind)) {
            c.print(" SlotPowerLimit %s", power(capabilities >> 18 & 0xff, capabilities >> 26 & 3));
        }
        int control = c.u16(8);
        c.print("\n");
        c.print(DEVICE_CONTROL, control);
        if (kind == Kind.TO_PCI) {
            c.print(DEVICE_CONTROL_RETRY, control);
        }
        if (WITH_RESET.contains(kind) && (capabilities & RESET_CAPABLE) != 0) {
            c.print(DEVICE_CONTROL_RESET, control);
        }
        c.print(DEVICE_CONTROL_SIZES, control);
        c.print16(DEVICE_STATUS, 0x0a);
    }

    private static void link(Capability c, ExpressPort port) {
        long capabilities = c.u32(0x0c);
        c.print(LINK_CAPABILITIES, capabilities);
        boolean l0s = (capabilities >> 10 & 1) != 0;
        boolean l1 = (capabilities >> 11 & 1) != 0;
        if (l0s || l1) {
            c.print(", Exit Latency ");
            c.print(l0s ? LINK_L0S.text(capabilities) : "");
            c.print(l0s && l1 ? ", " : "");
            c.print(l1 ? LINK_L1.text(capabilities) : "");
        }
        c.print(LINK_CAPABILITIES_END, capabilities);
        int control = c.u16(0x10);
        c.print(LINK_CONTROL, control);
        if (WITH_RCB.contains(port.kind())) {
            c.print(LINK_CONTROL_RCB, control);
        }
        c.print(LINK_CONTROL_END, control);
        int status = c.u16(0x12);
        c.print(LINK_SPEED, status);
        c.print(remark(port, status & 0xf, capabilities & 0xf));
        c.print(LINK_WIDTH, status);
        c.print(remark(port, status >> 4 & 0x3f, capabilities >> 4 & 0x3f));
        c.print(LINK_STATUS_END, status);
    }

    /** A port whose partner can do less is not at fault. */
    private static String remark(ExpressPort port, long now, long possible) {
        if (now > possible) {
            return " (overdriven)";
        }
        return now == possible || port.isDownstream() ? "" : " (downgraded)";
    }

    private static void slot(Capability c) {
        long capabilities = c.u32(0x14);
        c.print(SLOT_CAPABILITIES, capabilities);
        c.print(power(capabilities >> 7 & 0xff, capabilities >> 15 & 3));
        c.print(SLOT_CAPABILITIES_END, capabilities);
        c.print16(SLOT_CONTROL, 0x18);
        c.print16(SLOT_STATUS, 0x1a);
    }

    /** A slot power limit (PCI Express 5.0 section 7.5.3.9) in watts. */
    private static String power(long value, long scale) {
        if (scale == 0 && value >= 0xf0) {
            return value == 0xff ? ">600W" : 250 + 25 * (value - 0xf0) + "W";
        }
        String watts = String.format(Locale.ROOT, "%.3f", value / Math.pow(10, scale));
        return watts.replaceFirst("\\.?0*$", "") + "W";
    }
}
