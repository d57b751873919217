package org.cardcage.board.internal;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.cardcage.device.Bar;
import org.cardcage.device.ExpansionRom;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.PowerState;
import org.cardcage.device.RegisterBits;
import org.cardcage.machine.ErrorSeverity;

/**
 * The configuration space of a function, 256 bytes or with PCI Express 4 KiB, with a type 0 or type 1 header (PCI 3.0
 * chapter 6, PCI-to-PCI Bridge 1.2 section 3.2), and what it means at the moment. Which bits can be written is as measured
 * on QEMU's generic PCI code; bytes from 0x40 to 0xff that belong to no capability are plain memory that survives a reset.
 *
 * <p>Outside D0 the function decodes nothing and is no bus master, whatever the command register says.
 *
 * <p>Threads: guarded by the lock of the {@link Fabric}.
 */
final class ConfigSpace {

    /** What follows from a write. */
    enum Effect {
        /** The function drops its pin. */
        DROP_PIN,
        /** The bus numbers of a bridge have been written. */
        BUS_NUMBERS,
        /** The bridge control register has been written. */
        BRIDGE_CONTROL,
        /** The power state is another one: the model wants to know. */
        POWER,
        /** The function alone has been reset, of which configuration space has had its part: the model follows. */
        FUNCTION_RESET
    }

    private final ConfigBytes bytes;
    private final CapabilityRegisters capabilities;
    private final BridgeRegisters bridge;
    private final ExpansionRom rom;
    private final boolean headerTypeGiven;

    /** @throws IllegalArgumentException if the capabilities overlap or do not fit */
    ConfigSpace(FunctionDescription d) {
        CapabilityLayout layout = new CapabilityLayout(d);
        bytes = new ConfigBytes(d.configurationSize(), layout.end());
        bridge = d.bridge().map(b -> new BridgeRegisters(bytes, b)).orElse(null);
        rom = d.rom().orElse(null);
        Header.define(bytes, d);
        for (int i = Header.END; i < Header.CONVENTIONAL_END; i++) {
            bytes.define(i, 1, 0, 0xff, 0);
            bytes.keep(i, 1, 0xff);
        }
        capabilities = new CapabilityRegisters(bytes, layout, d);
        if (layout.chain(bytes, d)) {
            bytes.define(Header.STATUS, 2, Header.STATUS_CAPABILITIES, 0, Header.STATUS_ERRORS);
        }
        for (RegisterBits r : d.registers()) {
            bytes.define(r.offset(), r.size(), r.value(), r.writable(), r.clearable());
        }
        headerTypeGiven = d.registers().stream()
                .anyMatch(r -> ConfigBytes.touches(Header.HEADER_TYPE, Header.HEADER_TYPE + 1, r.offset(), r.size()));
    }

    /** Bytes of configuration space that answer: 256 or 4096. */
    int size() {
        return bytes.size();
    }

    /** The bytes from {@code offset}, all inside the space, zero-extended unless there are four. */
    int read(int offset, int width) {
        if (capabilities.msi != null) {
            capabilities.msi.beforeRead(offset, width);
        }
        return bytes.read(offset, width);
    }

    /** Whether an access covers the byte with the bus master bit. */
    static boolean touchesCommand(int offset, int width) {
        return ConfigBytes.touches(Header.COMMAND, Header.COMMAND + 1, offset, width);
    }

    /** A write as far as the bits allow it. */
    Set<Effect> write(int offset, int width, int bits) {
        EnumSet<Effect> effects = EnumSet.noneOf(Effect.class);
        PowerState before = powerState();
        boolean reset = capabilities.asksForReset(offset, width, bits);
        bytes.write(offset, width, bits);
        if (capabilities.power != null && capabilities.power.written()) {
            reset = true;
        }
        if (reset) {
            reset(Reset.FUNCTION);
            effects.add(Effect.FUNCTION_RESET);
        }
        if (powerState() != before) {
            effects.add(Effect.POWER);
        }
        boolean messages = capabilities.msi != null && capabilities.msi.written(offset, width);
        messages |= capabilities.msix != null && capabilities.msix.written(offset, width);
        if (reset || messages) {
            effects.add(Effect.DROP_PIN);
        }
        if (bridge != null && (reset || BridgeRegisters.touchesNumbers(offset, width))) {
            effects.add(Effect.BUS_NUMBERS);
        }
        if (bridge != null && (reset || BridgeRegisters.touchesControl(offset, width))) {
            effects.add(Effect.BRIDGE_CONTROL);
        }
        return effects;
    }

    /** Registers get their power-on value but for what survives by specification. */
    void reset(Reset kind) {
        bytes.reset(kind);
        if (capabilities.power != null) {
            capabilities.power.reset(kind);
        }
    }

    /** The interrupt status bit, which software cannot write. */
    void setInterruptStatus(boolean requested) {
        bytes.set(Header.STATUS, 2, Header.STATUS_INTERRUPT, requested);
    }

    /** The multi-function bit of the header type, unless the description says itself what the header type reads. */
    void setMultiFunction(boolean several) {
        if (!headerTypeGiven) {
            bytes.set(Header.HEADER_TYPE, 1, Header.MULTI_FUNCTION, several);
        }
    }

    /** Error bits of the status register, {@code Header.RECEIVED_MASTER_ABORT} and so on, which software clears. */
    void setStatus(int errors) {
        bytes.set(Header.STATUS, 2, errors & Header.STATUS_ERRORS, true);
    }

    /** The same in the status of a bridge's other side. */
    void setSecondaryStatus(int errors) {
        bytes.set(Header.SECONDARY_STATUS, 2, errors & Header.STATUS_ERRORS, true);
    }

    /**
     * Shows an error that this function has seen: a receiver error, a completion time-out or a malformed packet; one
     * without PCI Express can only signal a system error.
     *
     * @return as what it is reported, which software can change; empty if software has masked it
     */
    Optional<ErrorSeverity> error(ErrorSeverity severity) {
        if (capabilities.express == null) {
            setStatus(Header.SIGNALLED_SYSTEM_ERROR);
            return Optional.of(severity);
        }
        capabilities.express.setErrors(1 << severity.ordinal());
        if (capabilities.aer == null) {
            return Optional.of(severity);
        }
        return switch (severity) {
            case CORRECTABLE -> capabilities.aer.correctable(AerRegisters.RECEIVER_ERROR);
            case NON_FATAL -> capabilities.aer.uncorrectable(AerRegisters.COMPLETION_TIMEOUT);
            case FATAL -> capabilities.aer.uncorrectable(AerRegisters.MALFORMED_PACKET);
        };
    }

    PowerState powerState() {
        return capabilities.power == null ? PowerState.D0 : capabilities.power.state();
    }

    private boolean command(int bit) {
        return powerState() == PowerState.D0 && bytes.has(Header.COMMAND, 2, bit);
    }

    /** Whether memory BARs and windows answer. */
    boolean memoryEnabled() {
        return command(Header.COMMAND_MEMORY);
    }

    /** Whether I/O BARs and the I/O window answer. */
    boolean ioEnabled() {
        return command(Header.COMMAND_IO);
    }

    /** Whether the function, or through a bridge what is below it, may act as bus master. */
    boolean busMaster() {
        return command(Header.COMMAND_MASTER);
    }

    /** Whether the pin is kept from the machine. */
    boolean intxDisabled() {
        return bytes.has(Header.COMMAND, 2, Header.COMMAND_INTX_DISABLE);
    }

    /** Whether message-signalled interrupts of either kind are enabled, upon which the function does not use its pin. */
    boolean messagesEnabled() {
        return capabilities.msi != null && capabilities.msi.enabled()
                || capabilities.msix != null && capabilities.msix.enabled();
    }

    /** The registers of the MSI capability, or null. */
    MsiRegisters msi() {
        return capabilities.msi;
    }

    /** The registers of the MSI-X capability, or null. */
    MsixRegisters msix() {
        return capabilities.msix;
    }

    /** The registers of the power management capability, or null. */
    PowerRegisters power() {
        return capabilities.power;
    }

    /** The registers of the PCI Express capability, or null. */
    ExpressRegisters express() {
        return capabilities.express;
    }

    /** The registers of advanced error reporting, or null. */
    AerRegisters aer() {
        return capabilities.aer;
    }

    /** The first address that the BAR decodes just now, or -1 if it decodes nothing. */
    long base(Bar bar) {
        int at = Header.BARS + 4 * bar.index();
        boolean io = bar.kind() == Bar.Kind.IO;
        if (!(io ? ioEnabled() : memoryEnabled())) {
            return -1;
        }
        long raw = bytes.read(at, 4) & 0xffff_ffffL;
        if (bar.kind() == Bar.Kind.MEMORY_64) {
            raw |= (long) bytes.read(at + 4, 4) << 32;
        }
        long base = raw & -bar.size();
        long last = base + bar.size() - 1;
        boolean usable =
                switch (bar.kind()) {
                    case IO -> last <= 0xffff;
                    case MEMORY_32 -> last < 0xffff_ffffL;
                    case MEMORY_64 -> last != -1L;
                };
        return base != 0 && usable ? base : -1;
    }

    /** The first address that the expansion ROM decodes just now, or -1 if it decodes nothing. */
    long romBase() {
        int register = bytes.read(bridge == null ? Header.ROM : Header.BRIDGE_ROM, 4);
        if (rom == null || !memoryEnabled() || (register & Header.ROM_ENABLE) == 0) {
            return -1;
        }
        long base = register & 0xffff_ffffL & -rom.size();
        return base != 0 && base + rom.size() - 1 < 0xffff_ffffL ? base : -1;
    }

    /** The registers that only a bridge has, or null. */
    BridgeRegisters bridge() {
        return bridge;
    }

    /** Whether this is a bridge that holds the bus below it in reset, or a port whose link is switched off. */
    boolean holdsBelow() {
        return bridge != null && bridge.holdsReset() || linkIsOff();
    }

    /** Whether this is a port whose link software has disabled, or whose slot it has given no power. */
    boolean linkIsOff() {
        return capabilities.express != null && capabilities.express.linkIsOff();
    }

    /** Whether this is a port whose slot software has given no power. */
    boolean slotIsOff() {
        return capabilities.express != null && capabilities.express.slotIsOff();
    }

    /** For what this function, as a port, asks for an interrupt just now: each cause is a bit. */
    int portInterrupts() {
        int causes = capabilities.express == null ? 0 : capabilities.express.interrupts();
        return capabilities.aer == null ? causes : causes | capabilities.aer.interrupts();
    }
}
