package org.cardcage.board.internal;

import java.util.List;
import org.cardcage.device.AcsCapability;
import org.cardcage.device.AdvancedFeaturesCapability;
import org.cardcage.device.AerCapability;
import org.cardcage.device.Capability;
import org.cardcage.device.ExpressCapability;
import org.cardcage.device.ExpressCapability.Port;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.MsiCapability;
import org.cardcage.device.MsixCapability;
import org.cardcage.device.PowerManagementCapability;
import org.cardcage.device.SerialNumberCapability;
import org.cardcage.device.SubsystemCapability;
import org.cardcage.device.VendorCapability;

/**
 * The registers of all capabilities of a function; a field is null if there is no such capability. Threads: guarded by the
 * lock of the {@link Fabric}.
 */
final class CapabilityRegisters {

    private static final int AF_LENGTH = 2;
    private static final int AF_CAPABILITIES = 3;
    private static final int AF_CONTROL = 4;
    private static final int AF_RESET_AND_PENDING = 3;
    private static final int VENDOR_LENGTH = 2;

    final MsiRegisters msi;
    final MsixRegisters msix;
    final PowerRegisters power;
    final ExpressRegisters express;
    final AerRegisters aer;
    private final int advancedFeatures;

    CapabilityRegisters(ConfigBytes bytes, CapabilityLayout layout, FunctionDescription d) {
        msi = d.capability(MsiCapability.class)
                .map(c -> new MsiRegisters(bytes, layout.offset(c), c))
                .orElse(null);
        msix = d.capability(MsixCapability.class)
                .map(c -> new MsixRegisters(bytes, layout.offset(c), c))
                .orElse(null);
        power = d.capability(PowerManagementCapability.class)
                .map(c -> new PowerRegisters(bytes, layout.offset(c), c))
                .orElse(null);
        express = d.capability(ExpressCapability.class)
                .map(c -> new ExpressRegisters(bytes, layout.offset(c), c))
                .orElse(null);
        boolean rootPort = d.capability(ExpressCapability.class)
                .filter(c -> c.port() == Port.ROOT_PORT)
                .isPresent();
        aer = d.capability(AerCapability.class)
                .map(c -> new AerRegisters(bytes, layout.offset(c), rootPort))
                .orElse(null);
        advancedFeatures = d.capability(AdvancedFeaturesCapability.class)
                .map(c -> defineAdvancedFeatures(bytes, layout.offset(c)))
                .orElse(0);
        for (Capability c : d.capabilities()) {
            definePlain(bytes, layout.offset(c), c);
        }
    }

    private static int defineAdvancedFeatures(ConfigBytes bytes, int at) {
        bytes.define(at + AF_LENGTH, 1, 6);
        bytes.define(at + AF_CAPABILITIES, 1, AF_RESET_AND_PENDING);
        bytes.define(at + AF_CONTROL, 2, 0);
        return at;
    }

    private static void definePlain(ConfigBytes bytes, int at, Capability capability) {
        if (capability instanceof SubsystemCapability c) {
            bytes.define(at + 2, 2, 0);
            bytes.define(at + 4, 2, c.vendor());
            bytes.define(at + 6, 2, c.subsystem());
        } else if (capability instanceof VendorCapability c) {
            List<Integer> data = c.bytes();
            bytes.define(at + VENDOR_LENGTH, 1, c.length());
            for (int i = 0; i < data.size(); i++) {
                bytes.define(at + VENDOR_LENGTH + 1 + i, 1, data.get(i));
            }
        } else if (capability instanceof SerialNumberCapability c) {
            bytes.define(at + 4, 4, (int) c.number());
            bytes.define(at + 8, 4, (int) (c.number() >>> 32));
        } else if (capability instanceof AcsCapability c) {
            bytes.define(at + 4, 2, c.controls());
            bytes.define(at + 6, 2, 0, c.controls(), 0);
        }
    }

    /** Whether a write asks for a reset of this function alone. */
    boolean asksForReset(int offset, int width, int bits) {
        boolean conventional = advancedFeatures != 0
                && (ConfigBytes.covered(advancedFeatures + AF_CONTROL, 1, offset, width, bits) & 1) != 0;
        return conventional || express != null && express.asksForReset(offset, width, bits);
    }
}
