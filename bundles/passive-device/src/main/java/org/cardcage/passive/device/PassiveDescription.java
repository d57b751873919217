package org.cardcage.passive.device;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cardcage.device.Bar;
import org.cardcage.device.BridgeHeader;
import org.cardcage.device.BridgeHeader.Io;
import org.cardcage.device.BridgeHeader.Prefetchable;
import org.cardcage.device.ExpansionRom;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.RegisterBits;

/**
 * Makes a description out of the bytes of a configuration space (PCI 3.0 section 6.1, PCI-to-PCI Bridge 1.2 section 3.2).
 * What addresses, routes or enables works as in any function; all other bytes can only be read. Not for use by several
 * threads.
 */
final class PassiveDescription {

    private static final int COMMAND = 0x04;
    private static final int STATUS = 0x06;
    private static final int REVISION = 0x08;
    private static final int CLASS = 0x09;
    private static final int CACHE_LINE = 0x0c;
    private static final int LATENCY = 0x0d;
    private static final int HEADER_TYPE = 0x0e;
    private static final int BARS = 0x10;
    private static final int BUS_NUMBERS = 0x18;
    private static final int SECONDARY_LATENCY = 0x1b;
    private static final int IO_WINDOW = 0x1c;
    private static final int SECONDARY_STATUS = 0x1e;
    private static final int MEMORY_WINDOW = 0x20;
    private static final int PREFETCH_WINDOW = 0x24;
    private static final int PREFETCH_UPPER = 0x28;
    private static final int CIS = 0x28;
    private static final int SUBSYSTEM_VENDOR = 0x2c;
    private static final int SUBSYSTEM = 0x2e;
    private static final int ROM = 0x30;
    private static final int IO_UPPER = 0x30;
    private static final int CAPABILITIES = 0x34;
    private static final int BRIDGE_ROM = 0x38;
    private static final int INTERRUPT_LINE = 0x3c;
    private static final int INTERRUPT_PIN = 0x3d;
    private static final int BRIDGE_CONTROL = 0x3e;
    private static final int HEADER_END = 0x40;
    private static final int CONVENTIONAL_END = 0x100;

    private static final int COMMAND_WRITABLE = 0x0507;
    private static final int BRIDGE_CONTROL_WRITABLE = 0x0bff;
    private static final int BRIDGE_CONTROL_RESET = 0x40;
    private static final int HEADER_LAYOUT = 0x7f;
    private static final int LAST_PIN = 4;

    private final ConfigurationImage image;
    private final Map<Integer, Long> sizes;
    private final boolean settled;
    private final List<RegisterBits> registers = new ArrayList<>();

    private PassiveDescription(ConfigurationImage image, PassiveBars bars, boolean settled) {
        this.image = image;
        this.sizes = bars.sizes();
        this.settled = settled;
    }

    /**
     * @param settled whether addresses, bus numbers and enable bits are those of the image after a reset too
     * @throws IllegalArgumentException if the image and the sizes contradict each other
     */
    static FunctionDescription of(ConfigurationImage image, PassiveBars bars, boolean settled) {
        return new PassiveDescription(image, bars, settled).build();
    }

    private FunctionDescription build() {
        int layout = image.read(HEADER_TYPE, 1) & HEADER_LAYOUT;
        int classCode = image.read(CLASS, 1) | image.read(CLASS + 1, 2) << Byte.SIZE;
        FunctionDescription.Builder builder = FunctionDescription.of(image.read(0, 2), image.read(2, 2), classCode)
                .revision(image.read(REVISION, 1));
        fixed(STATUS, 2);
        changing(COMMAND, 2, COMMAND_WRITABLE);
        changing(CACHE_LINE, 1, 0xff);
        fixed(LATENCY, 3);
        changing(INTERRUPT_LINE, 1, 0xff);
        int pin = image.read(INTERRUPT_PIN, 1);
        builder.interruptPin(pin <= LAST_PIN ? pin : 0);
        fixed(INTERRUPT_PIN, 1);
        switch (layout) {
            case 0 -> plain(builder);
            case 1 -> bridge(builder);
            default -> {
                fixed(BARS, INTERRUPT_LINE - BARS);
                fixed(INTERRUPT_PIN + 1, 2);
            }
        }
        for (int at = HEADER_END; at < image.size(); at += 4) {
            // of the extended space the first word says how large the whole is
            if (at <= CONVENTIONAL_END || image.read(at, 4) != 0) {
                fixed(at, 4);
            }
        }
        return builder.registers(registers.toArray(RegisterBits[]::new)).build();
    }

    private void plain(FunctionDescription.Builder builder) {
        builder.bars(bars(6));
        rom(builder, ROM);
        fixed(CIS, 4);
        builder.subsystem(image.read(SUBSYSTEM_VENDOR, 2), image.read(SUBSYSTEM, 2));
        fixed(CAPABILITIES, INTERRUPT_LINE - CAPABILITIES);
        fixed(INTERRUPT_PIN + 1, 2);
    }

    private void bridge(FunctionDescription.Builder builder) {
        builder.bars(bars(2));
        rom(builder, BRIDGE_ROM);
        Io io = io();
        Prefetchable prefetchable = prefetchable();
        builder.bridge(new BridgeHeader(io, prefetchable));
        changing(BUS_NUMBERS, 3, 0xff_ffff);
        changing(SECONDARY_LATENCY, 1, 0xff);
        fixed(SECONDARY_STATUS, 2);
        fixed(CAPABILITIES, BRIDGE_ROM - CAPABILITIES);
        changing(BRIDGE_CONTROL, 2, BRIDGE_CONTROL_WRITABLE, image.read(BRIDGE_CONTROL, 2) & ~BRIDGE_CONTROL_RESET);
        if (!settled) {
            return; // the header that the description makes is the right one
        }
        changing(MEMORY_WINDOW, 4, 0xfff0_fff0);
        if (io != Io.NONE) {
            changing(IO_WINDOW, 2, 0xf0f0);
            changing(IO_UPPER, 4, io == Io.BITS_32 ? -1 : 0);
        }
        if (prefetchable != Prefetchable.NONE) {
            boolean wide = prefetchable == Prefetchable.BITS_64;
            changing(PREFETCH_WINDOW, 4, 0xfff0_fff0);
            changing(PREFETCH_UPPER, 4, wide ? -1 : 0);
            changing(PREFETCH_UPPER + 4, 4, wide ? -1 : 0);
        }
    }

    /** A window without a register reads 0, which nobody has set up as a window. */
    private Io io() {
        int window = image.read(IO_WINDOW, 2);
        return window == 0 ? Io.NONE : (window & 0xf) == 1 ? Io.BITS_32 : Io.BITS_16;
    }

    private Prefetchable prefetchable() {
        int window = image.read(PREFETCH_WINDOW, 4);
        return window == 0 ? Prefetchable.NONE : (window & 0xf) == 1 ? Prefetchable.BITS_64 : Prefetchable.BITS_32;
    }

    private Bar[] bars(int count) {
        List<Bar> bars = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            int at = BARS + 4 * index;
            int low = image.read(at, 4);
            boolean io = (low & 1) != 0;
            boolean wide = !io && (low & 6) == 4 && index < count - 1;
            long address = (low & (io ? ~3L : ~15L) & 0xffff_ffffL) | (wide ? (long) image.read(at + 4, 4) << 32 : 0);
            Long size = sizes.get(index);
            if (size == null && address != 0) {
                throw new IllegalArgumentException(String.format(
                        "BAR %d holds the address 0x%x, but its size is not said: bars must hold \"%d=SIZE\"",
                        index, address, index));
            }
            if (size == null) {
                fixed(at, wide ? 8 : 4);
            } else {
                Bar.Kind kind = io ? Bar.Kind.IO : wide ? Bar.Kind.MEMORY_64 : Bar.Kind.MEMORY_32;
                bars.add(new Bar(index, kind, !io && (low & 8) != 0, size, Set.of(1, 2, 4, 8)));
                address(at, wide, address, size);
            }
            index += wide ? 1 : 0;
        }
        return bars.toArray(Bar[]::new);
    }

    private void address(int at, boolean wide, long address, long size) {
        if ((address & size - 1) != 0) {
            throw new IllegalArgumentException(String.format(
                    "the register at 0x%x: address 0x%x is no multiple of the size 0x%x", at, address, size));
        }
        if (settled) {
            changing(at, 4, (int) -size);
            if (wide) {
                changing(at + 4, 4, (int) (-size >>> 32));
            }
        }
    }

    private void rom(FunctionDescription.Builder builder, int at) {
        Long size = sizes.get(PassiveBars.ROM);
        int register = image.read(at, 4);
        if (size == null) {
            if ((register & ~0x7ff) != 0) {
                throw new IllegalArgumentException(String.format(
                        "the expansion ROM has the address 0x%x, but its size is not said: bars must hold \"rom=SIZE\"",
                        register & ~0x7ff));
            }
            fixed(at, 4);
            return;
        }
        builder.rom(new ExpansionRom((int) Math.min(size, Integer.MAX_VALUE), ByteBuffer.allocate(0)));
        if (settled) {
            changing(at, 4, (int) -size | 1);
        }
    }

    /** A register that reads as in the image, whatever is written. */
    private void fixed(int at, int width) {
        for (int done = 0; done < width; done += 4) {
            int part = Math.min(4, width - done);
            registers.add(RegisterBits.fixed(at + done, part, image.read(at + done, part)));
        }
    }

    /** A register that software sets up; it begins as in the image if the function is settled. */
    private void changing(int at, int width, int writable) {
        if (settled) {
            changing(at, width, writable, image.read(at, width));
        }
    }

    private void changing(int at, int width, int writable, int value) {
        registers.add(new RegisterBits(at, width, value, writable));
    }
}
