package org.cardcage.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A PCI function, as its maker wired it (PCI 3.0 section 6.1). Frozen once made.
 *
 * @param vendorId 16 bits
 * @param deviceId 16 bits
 * @param revision 8 bits
 * @param classCode 24 bits: base class, subclass, programming interface
 * @param subsystemVendorId 16 bits, 0 for none; a bridge has a {@link SubsystemCapability} instead
 * @param subsystemId 16 bits
 * @param interruptPin 0 none, 1 INTA to 4 INTD
 * @param bars at most one per index, not overlapping; a bridge has the indexes 0 and 1 only
 * @param rom the expansion ROM, if there is one
 * @param bridge for a bridge to another bus, which has a type 1 header
 * @param capabilities in the order of the list in configuration space, at most one of each kind
 * @param registers what differs in configuration space from all this; the later one wins
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
        Optional<ExpansionRom> rom,
        Optional<BridgeHeader> bridge,
        List<Capability> capabilities,
        List<RegisterBits> registers) {

    private static final int CONVENTIONAL = 256;
    private static final int EXTENDED = 4096;

    /** @throws IllegalArgumentException if a part is out of its range or parts contradict each other */
    public FunctionDescription {
        bars = List.copyOf(bars);
        capabilities = List.copyOf(capabilities);
        registers = List.copyOf(registers);
        CapabilityPlace.limit("vendor id", vendorId, 0xffff);
        CapabilityPlace.limit("device id", deviceId, 0xffff);
        CapabilityPlace.limit("revision", revision, 0xff);
        CapabilityPlace.limit("class code", classCode, 0xffffff);
        CapabilityPlace.limit("subsystem vendor id", subsystemVendorId, 0xffff);
        CapabilityPlace.limit("subsystem id", subsystemId, 0xffff);
        CapabilityPlace.limit("interrupt pin", interruptPin, 4);
        int taken = bridge.isPresent() ? ~3 : ~0x3f;
        for (Bar bar : bars) {
            int wanted = (bar.kind() == Bar.Kind.MEMORY_64 ? 3 : 1) << bar.index();
            if ((taken & wanted) != 0) {
                throw new IllegalArgumentException("BAR " + bar.index() + " overlaps another register");
            }
            taken |= wanted;
        }
        if (bridge.isPresent() && (subsystemVendorId | subsystemId) != 0) {
            throw new IllegalArgumentException("a bridge has its subsystem ids in a SubsystemCapability");
        }
        checkCapabilities(capabilities, bars);
    }

    private static void checkCapabilities(List<Capability> capabilities, List<Bar> bars) {
        boolean express = capabilities.stream().anyMatch(ExpressCapability.class::isInstance);
        for (Capability c : capabilities) {
            String name = c.getClass().getSimpleName();
            CapabilityPlace.check(name.replace("Capability", ""), c);
            if (!(c instanceof VendorCapability)
                    && capabilities.stream()
                                    .filter(o -> o.getClass() == c.getClass())
                                    .count()
                            > 1) {
                throw new IllegalArgumentException("more than one " + name);
            }
            if (capabilities.stream().filter(o -> o == c).count() > 1) {
                throw new IllegalArgumentException(
                        "the same " + name + " twice: each entry of the list needs an object of its own");
            }
            if (c instanceof ExtendedCapability && !express) {
                throw new IllegalArgumentException(name + " needs the PCI Express capability");
            }
            if (c instanceof MsixCapability msix) {
                checkHolds(bars, msix.tableBar(), msix.tableOffset() + msix.tableLength());
                checkHolds(bars, msix.pendingBar(), msix.pendingOffset() + msix.pendingLength());
            }
        }
    }

    private static void checkHolds(List<Bar> bars, int index, long end) {
        boolean held = bars.stream()
                .anyMatch(b -> b.index() == index
                        && b.kind() != Bar.Kind.IO
                        && b.size() >= end
                        && b.accessSizes().contains(4));
        if (!held) {
            throw new IllegalArgumentException(String.format(
                    "MSI-X needs a memory BAR %d of at least 0x%x bytes that accepts accesses of 4 bytes", index, end));
        }
    }

    /** The capability of a kind, the first one if there are several. */
    public <C extends Capability> Optional<C> capability(Class<C> kind) {
        return capabilities.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    /** Bytes of configuration space: 4096 with PCI Express or with registers beyond the first 256 bytes, otherwise 256. */
    public int configurationSize() {
        boolean extended = capability(ExpressCapability.class).isPresent()
                || registers.stream().anyMatch(r -> r.offset() + r.size() > CONVENTIONAL);
        return extended ? EXTENDED : CONVENTIONAL;
    }

    /**
     * Begins the description of a function with revision 0, no subsystem, no pin, no BARs, no ROM, a type 0 header and no
     * capabilities.
     */
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
        private ExpansionRom rom;
        private BridgeHeader bridge;
        private final List<Capability> capabilities = new ArrayList<>();
        private final List<RegisterBits> registers = new ArrayList<>();

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

        /** Replaces the BARs. */
        public Builder bars(Bar... values) {
            bars = List.of(values);
            return this;
        }

        public Builder rom(ExpansionRom value) {
            rom = value;
            return this;
        }

        /** Makes the function a bridge. */
        public Builder bridge(BridgeHeader value) {
            bridge = value;
            return this;
        }

        /** Adds capabilities. */
        public Builder capabilities(Capability... values) {
            capabilities.addAll(List.of(values));
            return this;
        }

        /** Adds an MSI capability, instead of an earlier one. */
        public Builder msi(MsiCapability value) {
            capabilities.removeIf(MsiCapability.class::isInstance);
            return capabilities(value);
        }

        /** Adds bytes that differ. */
        public Builder registers(RegisterBits... values) {
            registers.addAll(List.of(values));
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
                    Optional.ofNullable(rom),
                    Optional.ofNullable(bridge),
                    capabilities,
                    registers);
        }
    }
}
