package org.cardcage.qemu;

import java.io.IOException;
import org.cardcage.qemu.internal.QemuProgram;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Tests that need a QEMU are skipped without one, or fail where that has been asked for. */
final class RealQemu {

    private RealQemu() {}

    static void orSkip() {
        try {
            QemuProgram.find(System.getenv());
        } catch (IOException e) {
            if ("1".equals(System.getenv("CARDCAGE_REQUIRE_ORACLES"))) {
                Assertions.fail(e.getMessage());
            }
            Assumptions.abort(e.getMessage());
        }
    }
}
