package org.cardcage.passive.device;

import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * What software can write of extended capabilities (PCI Express 4.0 sections 7.7 to 7.9). What would make other functions
 * appear (SR-IOV) or change the size of a BAR is read-only.
 */
final class ExtendedRegisters {

    private static final int START = 0x100;
    private static final int ADVANCED_ERRORS = 0x0001;
    private static final int ACCESS_CONTROL = 0x000d;

    /** Bits of a register, by its distance from the start of the capability. */
    private record Bits(int register, int width, int writable, int clearable) {}

    private static final int UNCORRECTABLE = 0x07ff_f030;
    private static final int CORRECTABLE = 0xf1c1;

    private static final Map<Integer, List<Bits>> KNOWN = Map.ofEntries(
            Map.entry(
                    ADVANCED_ERRORS,
                    List.of(
                            new Bits(0x04, 4, 0, UNCORRECTABLE),
                            new Bits(0x08, 4, UNCORRECTABLE, 0),
                            new Bits(0x0c, 4, UNCORRECTABLE, 0),
                            new Bits(0x10, 4, 0, CORRECTABLE),
                            new Bits(0x14, 4, CORRECTABLE, 0))),
            Map.entry(0x000e, List.of(new Bits(0x06, 2, 0x73, 0))), // ARI
            Map.entry(0x000f, List.of(new Bits(0x06, 2, 0x801f, 0))), // ATS
            Map.entry(
                    0x0013, List.of(new Bits(0x04, 2, 3, 0), new Bits(0x06, 2, 0, 3), new Bits(0x0c, 4, -1, 0))), // PRI
            Map.entry(0x0017, List.of(new Bits(0x08, 4, 0x307, 0))), // TPH
            Map.entry(0x0018, List.of(new Bits(0x04, 4, 0x1fff_1fff, 0))), // LTR
            Map.entry(0x001b, List.of(new Bits(0x06, 2, 7, 0))), // PASID
            Map.entry(0x001d, List.of(new Bits(0x06, 2, 0xff, 0), new Bits(0x08, 2, 0, 9))), // DPC
            Map.entry(0x001e, List.of(new Bits(0x08, 4, 0xe3ff_ff1f, 0), new Bits(0x0c, 4, 0xff, 0))), // L1 PM
            Map.entry(0x001f, List.of(new Bits(0x08, 4, 0xff03, 0)))); // PTM

    private final ConfigurationImage image;
    private final RegisterMasks masks;

    private ExtendedRegisters(ConfigurationImage image, RegisterMasks masks) {
        this.image = image;
        this.masks = masks;
    }

    /** @param express the place of the PCI Express capability, 0 if there is none */
    static void define(ConfigurationImage image, int express, RegisterMasks masks) {
        ExtendedRegisters registers = new ExtendedRegisters(image, masks);
        BitSet seen = new BitSet();
        for (int at = START; at >= START && at < image.size() && !seen.get(at); ) {
            int header = image.read(at, 4);
            if (header == 0 || header == -1) {
                return;
            }
            seen.set(at);
            registers.define(at, header & 0xffff, express != 0 && ExpressMasks.isRoot(image, express));
            at = header >>> 20 & ~3;
        }
    }

    private void define(int at, int id, boolean root) {
        KNOWN.getOrDefault(id, List.of()).forEach(bits -> add(at, bits));
        if (id == ADVANCED_ERRORS) {
            int can = read(at + 0x18);
            add(at, new Bits(0x18, 4, (can & 1 << 5) << 1 | (can & 1 << 7) << 1 | (can & 1 << 9) << 1, 0));
            if (root) {
                add(at, new Bits(0x2c, 4, 7, 0));
                add(at, new Bits(0x30, 4, 0, 0x7f));
            }
        } else if (id == ACCESS_CONTROL) {
            add(at, new Bits(0x06, 2, read(at + 4) & 0x7f, 0));
        }
    }

    private int read(int offset) {
        return offset + 4 <= image.size() ? image.read(offset, 4) : 0;
    }

    private void add(int at, Bits bits) {
        masks.writable(at + bits.register(), bits.width(), bits.writable());
        masks.clearable(at + bits.register(), bits.width(), bits.clearable());
    }
}
