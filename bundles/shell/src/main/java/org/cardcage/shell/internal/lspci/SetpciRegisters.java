package org.cardcage.shell.internal.lspci;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The registers that {@code setpci} knows by name (PCI Local Bus 3.0 chapter 6 and appendix H, PCI Express 5.0 chapter 7). */
final class SetpciRegisters {

    /** What the offset of a register counts from. */
    enum Base {
        HEADER,
        CAPABILITY,
        EXTENDED
    }

    /**
     * A register.
     *
     * @param id of the capability that it lies in
     * @param offset in bytes
     * @param width in bytes; 0 if it must be told
     * @param headers header types that have it; empty if all have
     */
    record Named(String name, Base base, int id, int offset, int width, String headers) {

        /** Whether a function with this header type has it. */
        boolean isIn(int headerType) {
            return headers.isEmpty() || headers.contains(Integer.toString(headerType));
        }
    }

    private static final String ALL = "";

    /** Offset, width and name. */
    private static final String COMMON = """
            00WVENDOR_ID 02WDEVICE_ID 04WCOMMAND 06WSTATUS 08BREVISION 09BCLASS_PROG 0aWCLASS_DEVICE
            0cBCACHE_LINE_SIZE 0dBLATENCY_TIMER 0eBHEADER_TYPE 0fBBIST
            """;

    private static final String DEVICES_AND_BRIDGES =
            "10LBASE_ADDRESS_0 14LBASE_ADDRESS_1 34BCAPABILITIES 3cBINTERRUPT_LINE 3dBINTERRUPT_PIN";

    private static final String DEVICES = """
            18LBASE_ADDRESS_2 1cLBASE_ADDRESS_3 20LBASE_ADDRESS_4 24LBASE_ADDRESS_5 28LCARDBUS_CIS
            2cWSUBSYSTEM_VENDOR_ID 2eWSUBSYSTEM_ID 30LROM_ADDRESS 3eBMIN_GNT 3fBMAX_LAT
            """;

    private static final String BRIDGES = """
            18BPRIMARY_BUS 19BSECONDARY_BUS 1aBSUBORDINATE_BUS 1bBSEC_LATENCY_TIMER 1cBIO_BASE 1dBIO_LIMIT
            1eWSEC_STATUS 20WMEMORY_BASE 22WMEMORY_LIMIT 24WPREF_MEMORY_BASE 26WPREF_MEMORY_LIMIT
            28LPREF_BASE_UPPER32 2cLPREF_LIMIT_UPPER32 30WIO_BASE_UPPER16 32WIO_LIMIT_UPPER16
            38LBRIDGE_ROM_ADDRESS 3eWBRIDGE_CONTROL
            """;

    private static final String CARDBUS = """
            10LCB_CARDBUS_BASE 14WCB_CAPABILITIES 16WCB_SEC_STATUS 18BCB_BUS_NUMBER 19BCB_CARDBUS_NUMBER
            1aBCB_SUBORDINATE_BUS 1bBCB_CARDBUS_LATENCY 1cLCB_MEMORY_BASE_0 20LCB_MEMORY_LIMIT_0
            24LCB_MEMORY_BASE_1 28LCB_MEMORY_LIMIT_1 2cWCB_IO_BASE_0 2eWCB_IO_BASE_0_HI 30WCB_IO_LIMIT_0
            32WCB_IO_LIMIT_0_HI 34WCB_IO_BASE_1 36WCB_IO_BASE_1_HI 38WCB_IO_LIMIT_1 3aWCB_IO_LIMIT_1_HI
            40WCB_SUBSYSTEM_VENDOR_ID 42WCB_SUBSYSTEM_ID 44LCB_LEGACY_MODE_BASE
            """;

    /** Identity and name. */
    private static final String CAPABILITIES = """
            01PM 02AGP 03VPD 04SLOTID 05MSI 06CHSWP 07PCIX 08HT 09VNDR 0aDBG 0bCCRC 0cHOTPLUG 0dSSVID 0eAGP3
            0fSECURE 10EXP 11MSIX 12SATA 13AF 14EA
            """;

    private static final String EXTENDED = """
            01AER 02VC 03DSN 04PB 05RCLINK 06RCILINK 07RCEC 08MFVC 09VC2 0aRBCB 0bVNDR 0dACS 0eARI 0fATS 10SRIOV
            11MRIOV 12MCAST 13PRI 15REBAR 16DPA 17TPH 18LTR 19SECPCI 1aPMUX 1bPASID 1cLNR 1dDPC 1eL1PM 1fPTM
            20M_PCIE 21FRS 22RTR 23DVSEC 24VF_REBAR 25DLNK 2616GT 27LMR 28HIER_ID 29NPEM
            """;

    private final List<Named> all = new ArrayList<>();

    SetpciRegisters() {
        add(COMMON, ALL);
        add(DEVICES_AND_BRIDGES, "01");
        add(DEVICES, "0");
        add(BRIDGES, "1");
        add(CARDBUS, "2");
        for (String word : CAPABILITIES.strip().split("\\s+")) {
            all.add(new Named("CAP_" + word.substring(2), Base.CAPABILITY, hex(word.substring(0, 2)), 0, 0, ALL));
        }
        for (String word : EXTENDED.strip().split("\\s+")) {
            all.add(new Named("ECAP_" + word.substring(2), Base.EXTENDED, hex(word.substring(0, 2)), 0, 0, ALL));
        }
    }

    private void add(String words, String headers) {
        for (String word : words.strip().split("\\s+")) {
            int width = 1 << "BWL".indexOf(word.charAt(2));
            all.add(new Named(word.substring(3), Base.HEADER, 0, hex(word.substring(0, 2)), width, headers));
        }
    }

    private static int hex(String digits) {
        return Integer.parseInt(digits, 16);
    }

    /** The register with this name, in whatever case. */
    Optional<Named> find(String name) {
        return all.stream()
                .filter(r -> r.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst();
    }

    /** All names. */
    List<String> names() {
        return all.stream().map(Named::name).toList();
    }

    /** All of them as {@code --dumpregs} lists them, by header type and address. */
    String list() {
        StringBuilder text = new StringBuilder("cap pos w name\n");
        all.stream().sorted(SetpciRegisters::compare).forEach(r -> text.append(line(r)));
        return text.toString();
    }

    private static int compare(Named a, Named b) {
        return group(a) != group(b) || a.base() != Base.HEADER
                ? Integer.compare(group(a), group(b))
                : Integer.compare(a.offset(), b.offset());
    }

    /** Registers of devices stand between those that all have. */
    private static int group(Named r) {
        return switch (r.base()) {
            case HEADER -> r.headers().equals("1") ? 1 : r.headers().equals("2") ? 2 : 0;
            case CAPABILITY -> 3;
            case EXTENDED -> 4;
        };
    }

    private static String line(Named r) {
        String capability =
                switch (r.base()) {
                    case HEADER -> "    ";
                    case CAPABILITY -> String.format("  %02x", r.id());
                    case EXTENDED -> String.format("%04x", r.id());
                };
        char width = r.width() == 0 ? '-' : " BW L".charAt(r.width());
        return String.format("%s %02x %c %s\n", capability, r.offset(), width, r.name());
    }
}
