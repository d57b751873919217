package org.cardcage.firmware.internal;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.MachineDescription.HostBridge;

/** A function as firmware knows it. Not for use by several threads. */
final class FunctionNode {

    private static final int COMMAND = 0x04;
    private static final int COMMAND_DECODE = 3;
    private static final int COMMAND_SERR = 1 << 8;
    private static final int STATUS = 0x06;
    private static final int STATUS_CAPABILITIES = 1 << 4;
    private static final int BASE_CLASS = 0x0b;
    private static final int CLASS_DISPLAY = 0x03;
    private static final int HEADER_TYPE = 0x0e;
    private static final int HEADER_BRIDGE = 1;
    private static final int MULTI_FUNCTION = 1 << 7;
    private static final int BUS_NUMBERS = 0x18;
    private static final int CAPABILITIES = 0x34;
    private static final int INTERRUPT_LINE = 0x3c;
    private static final int INTERRUPT_PIN = 0x3d;
    private static final int BRIDGE_CONTROL = 0x3e;
    private static final int BRIDGE_CONTROL_SERR = 1 << 1;
    private static final int ABSENT = 0xffff;
    private static final int PINS = 4;

    final BusNode bus;
    final int device;
    final int number;
    private final int header;

    /** What is behind a bridge that has bus numbers, otherwise null. */
    BusNode below;

    List<BarRegister> bars = List.of();
    final Map<Window.Kind, Window> windows = new EnumMap<>(Window.Kind.class);

    FunctionNode(BusNode bus, int device, int number) {
        this.bus = bus;
        this.device = device;
        this.number = number;
        header = read(HEADER_TYPE, 1);
    }

    FunctionAddress address() {
        return new FunctionAddress(bus.domain, bus.number, device, number);
    }

    int read(int offset, int size) {
        return bus.machine.readConfig(address(), offset, size);
    }

    void write(int offset, int size, int value) {
        bus.machine.writeConfig(address(), offset, size, value);
    }

    boolean present() {
        int vendor = read(0, 2);
        return vendor != ABSENT && vendor != 0;
    }

    boolean isBridge() {
        return (header & ~MULTI_FUNCTION) == HEADER_BRIDGE;
    }

    boolean isVideo() {
        return read(BASE_CLASS, 1) == CLASS_DISPLAY;
    }

    /** Whether it has a header whose BARs firmware knows. */
    boolean isKnown() {
        return (header & ~MULTI_FUNCTION) <= HEADER_BRIDGE;
    }

    boolean hasSiblings() {
        return (header & MULTI_FUNCTION) != 0;
    }

    /**
     * Gives a bridge its bus numbers.
     *
     * @return whether they stuck
     */
    boolean setBuses(int primary, int secondary, int subordinate) {
        int value = primary | secondary << 8 | subordinate << 16;
        write(BUS_NUMBERS, 4, read(BUS_NUMBERS, 4) & 0xff00_0000 | value);
        return (read(BUS_NUMBERS, 4) & 0xff_ffff) == value;
    }

    /** The bus behind a bridge, as it is numbered. */
    int secondaryBus() {
        return read(BUS_NUMBERS + 1, 1);
    }

    /** The last bus behind a bridge, as it is numbered. */
    int subordinateBus() {
        return read(BUS_NUMBERS + 2, 1);
    }

    /** Finds BARs and windows, while decoding is off. */
    void size() {
        if (!isKnown()) {
            return;
        }
        int command = read(COMMAND, 2);
        write(COMMAND, 2, command & ~COMMAND_DECODE);
        bars = BarRegister.sizeAll(this);
        if (isBridge()) {
            for (Window.Kind kind : Window.Kind.values()) {
                Window window = Window.find(this, kind);
                if (window != null) {
                    windows.put(kind, window);
                }
            }
        }
        write(COMMAND, 2, command);
    }

    /** Offset of a capability, or 0. A list that runs in circles ends all the same. */
    int capability(int id) {
        if ((read(STATUS, 2) & STATUS_CAPABILITIES) == 0) {
            return 0;
        }
        int at = read(CAPABILITIES, 1) & ~3;
        for (int left = 48; at >= 0x40 && left > 0; left--) {
            if (read(at, 1) == id) {
                return at;
            }
            at = read(at + 1, 1) & ~3;
        }
        return 0;
    }

    /** These functions, each followed by what is behind it. */
    static List<FunctionNode> withAllBehind(List<FunctionNode> functions) {
        List<FunctionNode> all = new ArrayList<>();
        for (FunctionNode function : functions) {
            all.add(function);
            if (function.below != null) {
                function.below.collect(all);
            }
        }
        return all;
    }

    /** What these functions want. */
    static List<Demand> demands(List<FunctionNode> functions, boolean io) {
        List<Demand> demands = new ArrayList<>();
        for (FunctionNode function : functions) {
            demands.addAll(function.bars);
            demands.addAll(function.windows.values());
        }
        demands.removeIf(demand -> demand.io() != io);
        return demands;
    }

    /** Reads what they have just now; of those that do not answer, as what is behind a sleeping bridge, it is remembered. */
    static void refresh(List<FunctionNode> functions, boolean io) {
        for (FunctionNode function : functions) {
            boolean answers = function.present();
            for (Demand demand : demands(List.of(function), io)) {
                if (answers) {
                    demand.read();
                } else {
                    demand.restore();
                }
            }
        }
    }

    /** No address is decoded any more. */
    void disable() {
        write(COMMAND, 2, read(COMMAND, 2) & ~COMMAND_DECODE);
    }

    /** Addresses are decoded, and the interrupt line is written down. */
    void enable(HostBridge host) {
        int pin = read(INTERRUPT_PIN, 1);
        if (pin >= 1 && pin <= PINS) {
            int line = line(host, pin);
            if (line >= 0) {
                write(INTERRUPT_LINE, 1, line);
            }
        }
        if (isBridge()) {
            write(BRIDGE_CONTROL, 2, read(BRIDGE_CONTROL, 2) | BRIDGE_CONTROL_SERR);
        }
        write(COMMAND, 2, read(COMMAND, 2) | COMMAND_DECODE | COMMAND_SERR);
    }

    /** Each bridge turns the pins by the device number (PCI-to-PCI Bridge 1.2 section 9.1). */
    private int line(HostBridge host, int pin) {
        FunctionNode at = this;
        int turned = pin;
        while (at.bus.bridge != null) {
            turned = (turned - 1 + at.device) % PINS + 1;
            at = at.bus.bridge;
        }
        return host.intxLine(at.device, turned);
    }

    @Override
    public String toString() {
        return address().toString();
    }
}
