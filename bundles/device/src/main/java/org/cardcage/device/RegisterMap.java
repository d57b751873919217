package org.cardcage.device;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The registers behind a BAR, found by offset in one step.
 *
 * <p>A register answers at its own offset only, to accesses of at most its width: a narrower read gives the low bytes, a
 * narrower write is zero-extended and replaces the whole register. Everything else is unmapped: reads give what {@link
 * Unmapped} says, writes are ignored. So do reads of write-only and writes of read-only registers.
 *
 * <p>Threads: any, without a lock; immutable, but for the registers' values.
 */
public final class RegisterMap {

    /** What a read of an unmapped offset gives. */
    public enum Unmapped {
        ONES,
        ZEROS
    }

    /** A table larger than this is a mistake in an offset. */
    private static final int LARGEST_TABLE = 1 << 16;

    private final List<Register> registers;
    private final Register[] table;
    private final int shift;
    private final long empty;

    /**
     * @param unmapped the answer where there is no register
     * @throws IllegalArgumentException if two registers overlap or share a name
     */
    public RegisterMap(Unmapped unmapped, Register... registers) {
        this.registers = new ArrayList<>(List.of(registers));
        this.registers.sort(Comparator.comparingInt(Register::offset));
        empty = unmapped == Unmapped.ONES ? -1L : 0;
        int bits = 8;
        int end = 0;
        Register last = null;
        for (Register register : this.registers) {
            checkNeighbours(last, register);
            bits |= register.offset();
            end = register.offset() + 1;
            last = register;
        }
        checkNames();
        shift = Integer.numberOfTrailingZeros(bits);
        int length = (end + (1 << shift) - 1) >>> shift;
        if (length > LARGEST_TABLE) {
            throw new IllegalArgumentException("register " + last + " is too far away: at most " + LARGEST_TABLE
                    + " places of " + (1 << shift) + " bytes");
        }
        table = new Register[length];
        for (Register register : this.registers) {
            table[register.offset() >>> shift] = register;
        }
    }

    private static void checkNeighbours(Register first, Register second) {
        if (first != null && second.offset() < first.offset() + first.width()) {
            throw new IllegalArgumentException("registers " + first + " and " + second + " overlap");
        }
    }

    private void checkNames() {
        for (Register register : registers) {
            for (Register other : registers) {
                if (register != other && register.name().equals(other.name())) {
                    throw new IllegalArgumentException("registers " + register + " and " + other + " share a name");
                }
            }
        }
    }

    /** All registers by rising offset. */
    public List<Register> registers() {
        return List.copyOf(registers);
    }

    private Register find(long offset, int size) {
        long place = offset >>> shift;
        if (offset < 0 || place >= table.length || place << shift != offset) {
            return null;
        }
        Register register = table[(int) place];
        return register != null && size <= register.width() ? register : null;
    }

    /**
     * A read by software.
     *
     * @param size 1, 2, 4 or 8 bytes
     * @return the value, zero-extended
     */
    public long read(long offset, int size) {
        Register register = find(offset, size);
        long value = register == null || register.access() == Access.WO ? empty : register.read();
        return value & -1L >>> (64 - 8 * size);
    }

    /** A write by software; of {@code value} the low {@code size} bytes count. */
    public void write(long offset, int size, long value) {
        Register register = find(offset, size);
        if (register != null && register.access() != Access.RO) {
            register.write(value & -1L >>> (64 - 8 * size));
        }
    }

    /** Gives each register's cell its power-on value. */
    public void reset() {
        registers.forEach(Register::reset);
    }

    /** The table for a datasheet, in Markdown. */
    public String toMarkdown() {
        StringBuilder text = new StringBuilder("| offset | bytes | access | power-on | name | |\n");
        text.append("| --- | --- | --- | --- | --- | --- |\n");
        for (Register r : registers) {
            String powerOn = String.format("%0" + 2 * r.width() + "x", r.resetValue());
            String access = r.access().name().toLowerCase(Locale.ROOT);
            text.append(String.format("| %02x | %d | %s | %s | ", r.offset(), r.width(), access, powerOn));
            text.append(r.name()).append(" | ").append(r.description()).append(" |\n");
        }
        return text.toString();
    }
}
