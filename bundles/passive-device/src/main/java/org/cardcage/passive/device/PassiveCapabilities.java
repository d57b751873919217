package org.cardcage.passive.device;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.cardcage.device.Bar;
import org.cardcage.device.Capability;
import org.cardcage.device.MsiCapability;
import org.cardcage.device.MsixCapability;
import org.cardcage.device.PowerManagementCapability;

/**
 * Reads the list of conventional capabilities out of a configuration space (PCI 3.0 section 6.7). Power management, MSI and
 * MSI-X work as in any function, where their registers are in one piece; of what else is known, software can write
 * what it could write in the real one. A list that runs in circles or leaves the space ends there. Not for use by several
 * threads.
 */
final class PassiveCapabilities {

    private static final int STATUS = 0x06;
    private static final int STATUS_LIST = 1 << 4;
    private static final int POINTER = 0x34;
    private static final int CARDBUS_POINTER = 0x14;
    private static final int START = 0x40;
    private static final int END = 0x100;

    private static final int POWER_MANAGEMENT = 0x01;
    private static final int AGP = 0x02;
    private static final int MSI = 0x05;
    private static final int PCI_X = 0x07;
    private static final int HYPERTRANSPORT = 0x08;
    private static final int EXPRESS = 0x10;
    private static final int MSIX = 0x11;

    private static final int MOST_MESSAGES_EXPONENT = 5;
    private static final int HYPERTRANSPORT_MSI_MAPPING = 0x15;

    private final ConfigurationImage image;
    private final List<Bar> bars;
    private final RegisterMasks masks;
    private final List<Capability> working = new ArrayList<>();
    private final BitSet taken = new BitSet();
    private int express;

    private PassiveCapabilities(ConfigurationImage image, List<Bar> bars, RegisterMasks masks) {
        this.image = image;
        this.bars = bars;
        this.masks = masks;
    }

    /**
     * @param bars of the function, one of which must hold the table of MSI-X
     * @param masks gets what software can write
     * @return the capabilities that work
     */
    static List<Capability> of(ConfigurationImage image, int headerLayout, List<Bar> bars, RegisterMasks masks) {
        PassiveCapabilities capabilities = new PassiveCapabilities(image, bars, masks);
        if ((image.read(STATUS, 2) & STATUS_LIST) != 0) {
            capabilities.walk(image.read(headerLayout == 2 ? CARDBUS_POINTER : POINTER, 1));
        }
        ExtendedRegisters.define(image, capabilities.express, masks);
        return capabilities.working;
    }

    private void walk(int first) {
        BitSet seen = new BitSet();
        for (int at = first & ~3; at >= START && !seen.get(at); at = image.read(at + 1, 1) & ~3) {
            seen.set(at);
            define(at);
        }
    }

    private void define(int at) {
        switch (image.read(at, 1)) {
            case POWER_MANAGEMENT -> power(at);
            case MSI -> msi(at);
            case MSIX -> msix(at);
            case EXPRESS -> {
                if (express == 0) {
                    express = at;
                    ExpressMasks.define(image, at, masks);
                }
            }
            case PCI_X -> {
                writable(at + 2, 2, 0x7f);
                clearable(at + 4, 4, 0x200c_0000);
            }
            case AGP -> writable(at + 8, 4, 0xff00_0337);
            case HYPERTRANSPORT -> writable(at + 2, 1, hypertransport(at));
            default -> {
                return; // read-only
            }
        }
    }

    /** The MSI mapping that system software switches on (HyperTransport 3.1 section 7.12); all else is for firmware. */
    private int hypertransport(int at) {
        return image.read(at + 3, 1) >>> 3 == HYPERTRANSPORT_MSI_MAPPING ? 1 : 0;
    }

    private void power(int at) {
        int can = image.read(at + 2, 2);
        int wakesFrom = can >>> 11;
        int control = at + 4;
        writable(control, 2, wakesFrom == 0 ? 0x3 : 0x103);
        clearable(control, 2, wakesFrom == 0 ? 0 : 0x8000);
        boolean d1 = (can & 1 << 9) != 0;
        boolean d2 = (can & 1 << 10) != 0;
        boolean softReset = at + 8 <= END && (image.read(control, 1) & 1 << 3) == 0;
        works(new PowerManagementCapability(at, d1, d2, wakesFrom, softReset));
    }

    private void msi(int at) {
        int control = image.read(at + 2, 2);
        int exponent = control >>> 1 & 7;
        boolean wide = (control & 1 << 7) != 0;
        boolean masking = (control & 1 << 8) != 0;
        int data = at + (wide ? 12 : 8);
        writable(at + 2, 2, 0x71);
        writable(at + 4, 4, ~3);
        writable(at + 8, wide ? 4 : 0, -1);
        writable(data, 2, 0xffff);
        if (exponent <= MOST_MESSAGES_EXPONENT) {
            writable(data + 4, masking ? 4 : 0, (int) ((1L << (1 << exponent)) - 1));
            works(new MsiCapability(at, 1 << exponent, wide, masking));
        }
    }

    private void msix(int at) {
        writable(at + 2, 2, 0xc000);
        int vectors = (image.read(at + 2, 2) & 0x7ff) + 1;
        if (at + 12 > END) {
            return;
        }
        int table = image.read(at + 4, 4);
        int pending = image.read(at + 8, 4);
        long tableStart = table & 0xffff_fff8L;
        long tableEnd = tableStart + 16L * vectors;
        long pendingStart = pending & 0xffff_fff8L;
        long pendingEnd = pendingStart + 8L * ((vectors + 63) / 64);
        boolean apart = (table & 7) != (pending & 7) || tableEnd <= pendingStart || pendingEnd <= tableStart;
        if (apart && holds(table & 7, tableEnd) && holds(pending & 7, pendingEnd)) {
            works(new MsixCapability(at, vectors, table & 7, tableStart, pending & 7, pendingStart));
        }
    }

    private boolean holds(int index, long end) {
        return bars.stream().anyMatch(bar -> bar.index() == index && bar.kind() != Bar.Kind.IO && bar.size() >= end);
    }

    /** Unless there is one of its kind already, or it has no place. */
    private void works(Capability capability) {
        int at = capability.offset();
        int end = at + capability.length();
        int next = taken.nextSetBit(at);
        boolean second = working.stream().anyMatch(other -> other.id() == capability.id());
        if (!second && end <= END && (next < 0 || next >= end)) {
            taken.set(at, end);
            working.add(capability);
        }
    }

    private void writable(int offset, int width, int bits) {
        if (offset + width <= END) {
            masks.writable(offset, width, bits);
        }
    }

    private void clearable(int offset, int width, int bits) {
        if (offset + width <= END) {
            masks.clearable(offset, width, bits);
        }
    }
}
