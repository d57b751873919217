package org.cardcage.shell.internal.lspci.capability;

import org.cardcage.shell.internal.lspci.function.ConfigBytes;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.PciNames;

/** A capability that is being printed: its registers, by their offset in it, and where its text goes. */
final class Capability {

    private final PciFunction function;
    private final int start;
    private final int verbosity;
    private final PciNames names;
    private final StringBuilder out;
    private final int portType;

    /** @param portType device or port type of the PCI Express capability of the function, -1 if it has none */
    Capability(PciFunction function, int start, int verbosity, PciNames names, int portType, StringBuilder out) {
        this.function = function;
        this.start = start;
        this.verbosity = verbosity;
        this.names = names;
        this.portType = portType;
        this.out = out;
    }

    PciFunction function() {
        return function;
    }

    ConfigBytes config() {
        return function.config();
    }

    /** Offset of its first byte in the configuration space. */
    int start() {
        return start;
    }

    PciNames names() {
        return names;
    }

    int portType() {
        return portType;
    }

    /** Whether more than its title is wanted ({@code -vv}). */
    boolean isDetailed() {
        return verbosity >= 2;
    }

    /** Whether even what says nothing is wanted ({@code -vvv}). */
    boolean isThorough() {
        return verbosity >= 3;
    }

    /** Whether more than its title is wanted and these bytes, too, can be read. */
    boolean isDetailed(int offset, int length) {
        return isDetailed() && has(offset, length);
    }

    /** Whether these bytes can be read. */
    boolean has(int offset, int length) {
        return config().has(start + offset, length);
    }

    int u8(int offset) {
        return config().u8(start + offset);
    }

    int u16(int offset) {
        return config().u16(start + offset);
    }

    long u32(int offset) {
        return config().u32(start + offset);
    }

    /** 64 bits out of two registers, the lower half first. */
    long u64(int offset) {
        return u32(offset + 4) << 32 | u32(offset);
    }

    void print(String text) {
        out.append(text);
    }

    void print(String format, Object... values) {
        out.append(String.format(format, values));
    }

    void print(Register register, long value) {
        register.print(value, out);
    }

    void print8(Register register, int offset) {
        register.print(u8(offset), out);
    }

    void print16(Register register, int offset) {
        register.print(u16(offset), out);
    }

    void print32(Register register, int offset) {
        register.print(u32(offset), out);
    }
}
