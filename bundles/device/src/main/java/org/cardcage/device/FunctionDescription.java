package org.cardcage.device;

import java.util.List;
import java.util.Optional;

/**
 * A PCI function with a type 0 header, as its maker wired it (PCI 3.0 section 6.1). Frozen once made.
 *
 * @param vendorId 16 bits
 * @param deviceId 16 bits
 * @param revision 8 bits
 * @param classCode 24 bits: base class, subclass, programming interface
 * @param subsystemVendorId 16 bits, 0 for none
 * @param subsystemId 16 bits
 * @param interruptPin 0 none, 1 INTA to 4 INTD
 * @param bars at most one per index, not overlapping
 * @param msi the MSI capability, if there is one
 */
public record FunctionDescription(
        int vendorId,
        int deviceId,
        int revision,
        int classCode,
        int subsystemVendorId,
        int subsystemId,
        int interruptPin,
        List<Bar> bars,
        Optional<MsiCapability> msi) {

    /** @throws IllegalArgumentException if a part is out of its range or two BARs take the same register */
    public FunctionDescription {
        bars = List.copyOf(bars);
        limit("vendor id", vendorId, 0xffff);
        limit("device id", deviceId, 0xffff);
        limit("revision", revision, 0xff);
        limit("class code", classCode, 0xffffff);
        limit("subsystem vendor id", subsystemVendorId, 0xffff);
        limit("subsystem id", subsystemId, 0xffff);
        limit("interrupt pin", interruptPin, 4);
        int taken = 0;
        for (Bar bar : bars) {
            int registers = (bar.kind() == Bar.Kind.MEMORY_64 ? 3 : 1) << bar.index();
            if ((taken & registers) != 0) {
                throw new IllegalArgumentException("BAR " + bar.index() + " overlaps another BAR's register");
            }
            taken |= registers;
        }
    }

    private static void limit(String what, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(
                    String.format("%s 0x%x is not in the range 0 to 0x%x", what, value, max));
        }
    }

    /** Begins the description of a function with revision 0, no subsystem, no pin, no BARs and no capabilities. */
    public static Builder of(int vendorId, int deviceId, int classCode) {
        return new Builder(vendorId, deviceId, classCode);
    }

    /** Collects the parts; not for use by several threads. */
    public static final class Builder {
        private final int vendorId;
        private final int deviceId;
        private final int classCode;
        private int revision;
        private int subsystemVendorId;
        private int subsystemId;
        private int interruptPin;
        private List<Bar> bars = List.of();
        private MsiCapability msi;

        private Builder(int vendorId, int deviceId, int classCode) {
            this.vendorId = vendorId;
            this.deviceId = deviceId;
            this.classCode = classCode;
        }

        public Builder revision(int value) {
            revision = value;
            return this;
        }

        public Builder subsystem(int vendor, int id) {
            subsystemVendorId = vendor;
            subsystemId = id;
            return this;
        }

        public Builder interruptPin(int value) {
            interruptPin = value;
            return this;
        }

        public Builder bars(Bar... values) {
            bars = List.of(values);
            return this;
        }

        public Builder msi(MsiCapability value) {
            msi = value;
            return this;
        }

        /** @throws IllegalArgumentException as the record's constructor */
        public FunctionDescription build() {
            return new FunctionDescription(
                    vendorId,
                    deviceId,
                    revision,
                    classCode,
                    subsystemVendorId,
                    subsystemId,
                    interruptPin,
                    bars,
                    Optional.ofNullable(msi));
        }
    }
}
