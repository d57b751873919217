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
 * What addresses, routes or enables works as in any function, and so do the capabilities that {@link PassiveCapabilities}
 * knows; all other bytes can only be read. Not for use by several threads.
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

    /** I/O, memory, bus master, parity errors, system errors and INTx off: what most functions have. */
    private static final int COMMAND_WRITABLE = 0x0547;

    private static final int COMMAND_BITS = 0x07ff;
    private static final int STATUS_ERRORS = 0xf900;
    private static final int BRIDGE_CONTROL_WRITABLE = 0x0bff;
    private static final int BRIDGE_CONTROL_RESET = 0x40;
    private static final int BRIDGE_CONTROL_TIMER_STATUS = 0x400;
    private static final int CARDBUS_POINTER = 0x14;
    private static final int CARDBUS_STATUS = 0x16;
    private static final int CARDBUS_CONTROL_WRITABLE = 0x07ff;
    private static final int CARDBUS_MEMORY = 0x1c;
    private static final int CARDBUS_IO = 0x2c;
    private static final int HEADER_LAYOUT = 0x7f;
    private static final int LAST_PIN = 4;

    private final ConfigurationImage image;
    private final Map<Integer, Long> sizes;
    private final boolean settled;
    private final List<RegisterBits> registers = new ArrayList<>();
    private final RegisterMasks masks;

    private PassiveDescription(ConfigurationImage image, PassiveBars bars, boolean settled) {
        this.image = image;
        this.sizes = bars.sizes();
        this.settled = settled;
        masks = new RegisterMasks(image.size());
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
        clearable(STATUS, STATUS_ERRORS);
        changing(COMMAND, 2, COMMAND_WRITABLE | image.read(COMMAND, 2) & COMMAND_BITS);
        changing(CACHE_LINE, 1, 0xff);
        fixed(LATENCY, 3);
        changing(INTERRUPT_LINE, 1, 0xff);
        int pin = image.read(INTERRUPT_PIN, 1);
        builder.interruptPin(pin <= LAST_PIN ? pin : 0);
        fixed(INTERRUPT_PIN, 1);
        List<Bar> bars = List.of();
        switch (layout) {
            case 0 -> bars = plain(builder);
            case 1 -> bars = bridge(builder);
            case 2 -> bars = cardBus(builder);
            default -> {
                fixed(BARS, INTERRUPT_LINE - BARS);
                fixed(INTERRUPT_PIN + 1, 2);
            }
        }
        PassiveCapabilities.of(image, layout, bars, masks).forEach(builder::capabilities);
        for (int at = HEADER_END; at < image.size(); at += 4) {
            int writable = masks.writable(at);
            int clearable = masks.clearable(at);
            // of the extended space the first word says how large the whole is
            if (at <= CONVENTIONAL_END || (image.read(at, 4) | writable | clearable) != 0) {
                registers.add(new RegisterBits(at, 4, image.read(at, 4), writable, clearable));
            }
        }
        return builder.registers(registers.toArray(RegisterBits[]::new)).build();
    }

    private List<Bar> plain(FunctionDescription.Builder builder) {
        List<Bar> bars = bars(6);
        builder.bars(bars.toArray(Bar[]::new));
        rom(builder, ROM);
        fixed(CIS, 4);
        builder.subsystem(image.read(SUBSYSTEM_VENDOR, 2), image.read(SUBSYSTEM, 2));
        fixed(CAPABILITIES, INTERRUPT_LINE - CAPABILITIES);
        fixed(INTERRUPT_PIN + 1, 2);
        return bars;
    }

    /** PC Card Standard 8.0 volume 7, section 4.5.2: no bridge to this board, but its registers can be written. */
    private List<Bar> cardBus(FunctionDescription.Builder builder) {
        List<Bar> bars = settled && sizes.containsKey(0) ? bars(1) : List.of();
        if (bars.isEmpty()) {
            fixed(BARS, 4);
        }
        builder.bars(bars.toArray(Bar[]::new));
        fixed(CARDBUS_POINTER, 2);
        clearable(CARDBUS_STATUS, STATUS_ERRORS);
        registers.add(new RegisterBits(BUS_NUMBERS, 4, image.read(BUS_NUMBERS, 4), -1));
        for (int at = CARDBUS_MEMORY; at < INTERRUPT_LINE; at += 4) {
            registers.add(new RegisterBits(at, 4, image.read(at, 4), at < CARDBUS_IO ? 0xffff_f000 : ~3));
        }
        registers.add(new RegisterBits(BRIDGE_CONTROL, 2, image.read(BRIDGE_CONTROL, 2), CARDBUS_CONTROL_WRITABLE));
        return bars;
    }

    private List<Bar> bridge(FunctionDescription.Builder builder) {
        List<Bar> bars = bars(2);
        builder.bars(bars.toArray(Bar[]::new));
        rom(builder, BRIDGE_ROM);
        Io io = io();
        Prefetchable prefetchable = prefetchable();
        builder.bridge(new BridgeHeader(io, prefetchable));
        changing(BUS_NUMBERS, 3, 0xff_ffff);
        changing(SECONDARY_LATENCY, 1, 0xff);
        clearable(SECONDARY_STATUS, STATUS_ERRORS);
        fixed(CAPABILITIES, BRIDGE_ROM - CAPABILITIES);
        registers.add(new RegisterBits(
                BRIDGE_CONTROL,
                2,
                image.read(BRIDGE_CONTROL, 2) & ~BRIDGE_CONTROL_RESET,
                BRIDGE_CONTROL_WRITABLE,
                BRIDGE_CONTROL_TIMER_STATUS));
        if (settled) { // otherwise the header that the description makes is the right one
            windows(io, prefetchable);
        }
        return bars;
    }

    private void windows(Io io, Prefetchable prefetchable) {
        changing(MEMORY_WINDOW, 4, 0xfff0_fff0);
        changing(IO_WINDOW, 2, io != Io.NONE ? 0xf0f0 : 0);
        changing(IO_UPPER, 4, io == Io.BITS_32 ? -1 : 0);
        boolean wide = prefetchable == Prefetchable.BITS_64;
        changing(PREFETCH_WINDOW, 4, prefetchable != Prefetchable.NONE ? 0xfff0_fff0 : 0);
        changing(PREFETCH_UPPER, 4, wide ? -1 : 0);
        changing(PREFETCH_UPPER + 4, 4, wide ? -1 : 0);
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

    private List<Bar> bars(int count) {
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
        return bars;
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

    /** A register of 16 bits of which software clears some by writing 1. */
    private void clearable(int at, int bits) {
        registers.add(new RegisterBits(at, 2, image.read(at, 2), 0, bits));
    }
}
