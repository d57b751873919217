package org.cardcage.qemu.internal;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;

/** The QEMU of this computer, as a judge. */
public final class QemuOracle {

    private QemuOracle() {}

    /** Skips the test if there is none that can be used; fails where oracles are required. */
    public static QemuProgram require() throws IOException {
        try {
            return QemuProgram.find(System.getenv());
        } catch (IOException e) {
            if ("1".equals(System.getenv("CARDCAGE_REQUIRE_ORACLES"))) {
                throw e;
            }
            return abort("QEMU is needed here: " + e.getMessage());
        }
    }
}
