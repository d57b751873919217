package org.cardcage.shell.internal.lspci.capability;

import java.util.Map;
import org.cardcage.shell.internal.lspci.capability.Capabilities.Printer;

/** Extended capabilities about address translation and access control (PCI Express 5.0 chapters 7 and 10). */
final class IommuCapabilities {

    private static final Register ACS = Register.of(
            ":\tSrcValid{0} TransBlk{1} ReqRedir{2} CmpltRedir{3}" + " UpstreamFwd{4} EgressCtrl{5} DirectTrans{6}\n");
    private static final Register ATS_CAPABILITY = Register.of("\t\tATSCap:\tInvalidate Queue Depth: {0-4:%02x}\n");
    private static final Register ATS_CONTROL =
            Register.of("\t\tATSCtl:\tEnable{15}, Smallest Translation Unit: {0-4:%02x}\n");
    private static final Register PRI_CONTROL = Register.of("\t\tPRICtl: Enable{0} Reset{1}\n");
    private static final Register PRI_STATUS = Register.of("\t\tPRISta: RF{0} UPRGI{1} Stopped{8}\n");
    private static final Register PASID_CAPABILITY =
            Register.of("\t\tPASIDCap: Exec{1} Priv{2}, Max PASID Width: {8-12:%02x}\n");
    private static final Register PASID_CONTROL = Register.of("\t\tPASIDCtl: Enable{0} Exec{1} Priv{2}\n");
    private static final int TPH_EXTENDED = 0x100;

    private IommuCapabilities() {}

    static void addTo(Map<Integer, Printer> all) {
        all.put(0x0d, IommuCapabilities::accessControl);
        all.put(0x0f, IommuCapabilities::addressTranslation);
        all.put(0x13, IommuCapabilities::pageRequest);
        all.put(0x17, IommuCapabilities::processingHints);
        all.put(0x1b, IommuCapabilities::processAddressSpace);
    }

    private static void accessControl(Capability c) {
        c.print("Access Control Services\n");
        if (c.isDetailed(4, 4)) {
            c.print("\t\tACSCap");
            c.print16(ACS, 4);
            c.print("\t\tACSCtl");
            c.print16(ACS, 6);
        }
    }

    private static void addressTranslation(Capability c) {
        c.print("Address Translation Service (ATS)\n");
        if (c.isDetailed(4, 4)) {
            c.print16(ATS_CAPABILITY, 4);
            c.print16(ATS_CONTROL, 6);
        }
    }

    private static void pageRequest(Capability c) {
        c.print("Page Request Interface (PRI)\n");
        if (c.isDetailed(4, 12)) {
            c.print16(PRI_CONTROL, 4);
            c.print16(PRI_STATUS, 6);
            c.print("\t\tPage Request Capacity: %08x, Page Request Allocation: %08x\n", c.u32(8), c.u32(12));
        }
    }

    private static void processAddressSpace(Capability c) {
        c.print("Process Address Space ID (PASID)\n");
        if (c.isDetailed(4, 4)) {
            c.print16(PASID_CAPABILITY, 4);
            c.print16(PASID_CONTROL, 6);
        }
    }

    private static void processingHints(Capability c) {
        c.print("Transaction Processing Hints\n");
        if (!c.isDetailed(4, 4)) {
            return;
        }
        long capability = c.u32(4);
        if ((capability & 2) != 0) {
            c.print("\t\tInterrupt vector mode supported\n");
        }
        if ((capability & 4) != 0) {
            c.print("\t\tDevice specific mode supported\n");
        }
        if ((capability & TPH_EXTENDED) != 0) {
            c.print("\t\tExtended requester support\n");
        }
        c.print(
                Register.of("\t\t{9-10=No steering table available|Steering table in TPH capability structure"
                        + "|Steering table in MSI-X table|Reserved steering table location}\n"),
                capability);
    }
}
