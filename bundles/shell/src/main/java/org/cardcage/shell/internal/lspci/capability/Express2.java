package org.cardcage.shell.internal.lspci.capability;

import java.util.EnumSet;
import java.util.Set;
import org.cardcage.shell.internal.lspci.capability.ExpressPort.Kind;

/** What version 2 adds to the PCI Express capability (PCI Express 5.0 sections 7.5.3.15 to 7.5.3.20). */
final class Express2 {

    private static final Register DEVICE_CAPABILITIES = Register.of(
            "\t\tDevCap2: Completion Timeout: {0-3=Not Supported|Range A|Range B|Range AB|Unknown|Unknown"
                    + "|Range BC|Range ABC|Unknown|Unknown|Unknown|Unknown|Unknown|Unknown|Range BCD|Range ABCD}"
                    + ", TimeoutDis{4} NROPrPrP{10} LTR{11}\n\t\t\t 10BitTagComp{16} 10BitTagReq{17}"
                    + " OBFF {18-19=Not Supported|Via message|Via WAKE#|Via message/WAKE#}, ExtFmt{20} EETLPPrefix{21}");
    private static final Register PREFIXES = Register.of(", MaxEETLPPrefixes {22-23=4|1|2|3}");
    private static final Register EMERGENCY = Register.of(
            "\n\t\t\t EmergencyPowerReduction {24-25=Not Supported|Dev Specific|Form Factor Dev Specific|Reserved}, EmergencyPowerReductionInit{26}"
                    + "\n\t\t\t FRS{31}");
    private static final Register LIGHTWEIGHT =
            Register.of(" LN System CLS {14-15=Not Supported|64byte cachelines|128byte cachelines|Reserved},");
    private static final Register PROCESSING_HINTS =
            Register.of(" {12-13=TPHComp- ExtTPHComp-|TPHComp+ ExtTPHComp-||TPHComp+ ExtTPHComp+}");
    private static final Register ARI = Register.of(" ARIFwd{5}");
    private static final Register ATOMIC_ROUTING = Register.of(" Routing{6}");
    private static final Register ATOMIC_COMPLETER = Register.of(" 32bit{7} 64bit{8} 128bitCAS{9}");
    private static final Register DEVICE_CONTROL = Register.of("\t\tDevCtl2: Completion Timeout: {0-3=50us to 50ms"
            + "|50us to 100us|1ms to 10ms|Unknown|Unknown|16ms to 55ms|65ms to 210ms|Unknown|Unknown|260ms to 900ms"
            + "|1s to 3.5s|Unknown|Unknown|4s to 13s|17s to 64s|Unknown}, TimeoutDis{4} LTR{10} 10BitTagReq{12}"
            + " OBFF {13-14=Disabled|Via message A|Via message B|Via WAKE#},");
    private static final Register ATOMIC_REQUESTER = Register.of(" ReqEn{6}");
    private static final Register ATOMIC_BLOCK = Register.of(" EgressBlck{7}");

    private static final Register LINK_CAPABILITIES = Register.of(", Crosslink{8} Retimer{23} 2Retimers{24} DRS{31}\n");
    private static final Register LINK_CONTROL = Register.of(
            "\t\tLnkCtl2: Target Link Speed: {0-3=2.5GT/s|2.5GT/s|5GT/s|8GT/s|16GT/s|32GT/s|64GT/s|*Unknown}, EnterCompliance{4} SpeedDis{5}");
    private static final Register LINK_DEEMPHASIS = Register.of(", Selectable De-emphasis: {6-6=-6dB|-3.5dB}");
    private static final String REDUCED = "|200-400mV(full-swing)/100-200mV(half-swing)";
    private static final Register LINK_CONTROL_END = Register.of("\n\t\t\t Transmit Margin: {7-9=Normal Operating Range"
            + "|800-1200mV(full-swing)/400-700mV(half-swing)" + REDUCED + REDUCED + REDUCED + REDUCED + "|*Unknown}"
            + ", EnterModifiedCompliance{10} ComplianceSOS{11}\n\t\t\t Compliance Preset/De-emphasis: "
            + "{12-15=-6dB de-emphasis, 0dB preshoot|-3.5dB de-emphasis, 0dB preshoot|-4.4dB de-emphasis, 0dB preshoot"
            + "|-2.5dB de-emphasis, 0dB preshoot|0dB de-emphasis, 0dB preshoot|0dB de-emphasis, 1.9dB preshoot"
            + "|0dB de-emphasis, 2.5dB preshoot|-6.0dB de-emphasis, 3.5dB preshoot|-3.5dB de-emphasis, 3.5dB preshoot"
            + "|0dB de-emphasis, 3.5dB preshoot|*Unknown}\n");
    private static final Register LINK_STATUS = Register.of("\t\tLnkSta2: Current De-emphasis Level: {0-0=-6dB|-3.5dB},"
            + " EqualizationComplete{1} EqualizationPhase1{2}\n\t\t\t EqualizationPhase2{3} EqualizationPhase3{4}"
            + " LinkEqualizationRequest{5}\n\t\t\t Retimer{6} 2Retimers{7}"
            + " CrosslinkRes: {8-9=unsupported|Upstream Port|Downstream Port|incomplete}");
    private static final Register LINK_PARTNER = Register.of(", DRS{15}\n\t\t\t DownstreamComp:"
            + " {12-14=Link Down - Not Determined|Link Down - Not Present|Link Down - Present|Reserved"
            + "|Link Up - Present|Link Up - Present and DRS Received|*Reserved}");

    private static final Set<Kind> PORTS = EnumSet.of(Kind.ROOT_PORT, Kind.DOWNSTREAM);
    private static final Set<Kind> SWITCH_PORTS = EnumSet.of(Kind.ROOT_PORT, Kind.DOWNSTREAM, Kind.UPSTREAM);
    private static final Set<Kind> ENDPOINTS = EnumSet.of(Kind.ENDPOINT, Kind.LEGACY_ENDPOINT);
    private static final Set<Kind> REQUESTERS =
            EnumSet.of(Kind.ROOT_PORT, Kind.ENDPOINT, Kind.LEGACY_ENDPOINT, Kind.ROOT_INTEGRATED);

    private static final int HAS_PREFIXES = 1 << 21;
    private static final long HAS_PARTNER = 1L << 31;

    private Express2() {}

    static void print(Capability c, ExpressPort port) {
        if (!c.has(0x24, port.hasSlot() ? 24 : 16)) {
            return;
        }
        capabilities(c, port.kind());
        control(c, port.kind());
        if (port.hasLink()) {
            link(c, port);
        }
    }

    private static void capabilities(Capability c, Kind kind) {
        boolean memory = c.function().bars().stream().anyMatch(r -> r.start() != 0 && (r.start() & 1) == 0);
        long capabilities = c.u32(0x24);
        c.print(DEVICE_CAPABILITIES, capabilities);
        if ((capabilities & HAS_PREFIXES) != 0) {
            c.print(PREFIXES, capabilities);
        }
        c.print(EMERGENCY, capabilities);
        if (kind == Kind.ROOT_PORT) {
            c.print(LIGHTWEIGHT, capabilities);
        }
        if (kind == Kind.ROOT_PORT || kind == Kind.ENDPOINT) {
            c.print(PROCESSING_HINTS, capabilities);
        }
        if (PORTS.contains(kind)) {
            c.print(ARI, capabilities);
        }
        c.print("\n");
        if (memory || SWITCH_PORTS.contains(kind)) {
            c.print("\t\t\t AtomicOpsCap:");
            c.print(SWITCH_PORTS.contains(kind) ? ATOMIC_ROUTING.text(capabilities) : "");
            c.print(memory || kind == Kind.ROOT_PORT ? ATOMIC_COMPLETER.text(capabilities) : "");
            c.print("\n");
        }
    }

    private static void control(Capability c, Kind kind) {
        int control = c.u16(0x28);
        c.print(DEVICE_CONTROL, control);
        if (PORTS.contains(kind)) {
            c.print(ARI, control);
        }
        c.print("\n");
        boolean requests = REQUESTERS.contains(kind);
        if (requests || SWITCH_PORTS.contains(kind)) {
            c.print("\t\t\t AtomicOpsCtl:");
            c.print(requests ? ATOMIC_REQUESTER.text(control) : "");
            c.print(SWITCH_PORTS.contains(kind) ? ATOMIC_BLOCK.text(control) : "");
            c.print("\n");
        }
    }

    private static void link(Capability c, ExpressPort port) {
        long capabilities = c.u32(0x2c);
        // of several functions of an endpoint the first one speaks for the link
        boolean own = !ENDPOINTS.contains(port.kind())
                || c.function().slot().device() == 0 && c.function().slot().function() == 0;
        if (own && capabilities != 0) {
            c.print("\t\tLnkCap2: Supported Link Speeds: %s", speeds((int) capabilities >> 1 & 0x7f));
            c.print(LINK_CAPABILITIES, capabilities);
        }
        if (own) {
            int control = c.u16(0x30);
            c.print(LINK_CONTROL, control);
            if (port.kind() == Kind.DOWNSTREAM) {
                c.print(LINK_DEEMPHASIS, control);
            }
            c.print(LINK_CONTROL_END, control);
        }
        int status = c.u16(0x32);
        c.print(LINK_STATUS, status);
        if (port.isDownstream() && (capabilities & HAS_PARTNER) != 0) {
            c.print(LINK_PARTNER, status);
        }
        c.print("\n");
    }

    /** The vector of supported link speeds; only the highest counts, as all lower ones must be there. */
    private static String speeds(int vector) {
        String[] highest = {"Unknown", "2.5GT/s", "2.5-5GT/s", "2.5-8GT/s", "2.5-16GT/s", "2.5-32GT/s"};
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(vector);
        return bits < highest.length ? highest[bits] : "RsvdP";
    }
}
