package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;

/**
 * A BAR as firmware finds it (PCI 3.0 section 6.2.5.1).
 *
 * @param function whose it is
 * @param index 0 to 5
 * @param io whether it decodes ports
 * @param wide whether it also takes the register behind it
 * @param size in bytes, a power of two
 */
public record BarRegister(FunctionAddress function, int index, boolean io, boolean wide, long size) {

    private static final int FIRST = 0x10;
    private static final int COUNT = 6;
    private static final long LOW = 0xffff_ffffL;

    /** Writes all ones to each BAR of a type 0 header and sees what sticks; the caller has switched decoding off. */
    public static List<BarRegister> sizeAll(Machine machine, FunctionAddress function) {
        List<BarRegister> found = new ArrayList<>();
        for (int index = 0; index < COUNT; index++) {
            long mask = probe(machine, function, index);
            if (mask == 0) {
                continue;
            }
            boolean io = (mask & 1) != 0;
            boolean wide = !io && (mask & 6) == 4;
            mask &= io ? ~3L : ~15L;
            if (wide && index < COUNT - 1) {
                mask |= probe(machine, function, index + 1) << 32;
            } else if (io) {
                mask |= ~0xffffL;
            } else {
                mask |= ~LOW;
            }
            found.add(new BarRegister(function, index, io, wide, Long.lowestOneBit(mask)));
            index += wide ? 1 : 0;
        }
        return found;
    }

    private static long probe(Machine machine, FunctionAddress function, int index) {
        int at = FIRST + 4 * index;
        int before = machine.readConfig(function, at, 4);
        machine.writeConfig(function, at, 4, -1);
        long answer = machine.readConfig(function, at, 4) & LOW;
        machine.writeConfig(function, at, 4, before);
        return answer;
    }

    /** The address in the register just now. */
    public long base(Machine machine) {
        long raw = machine.readConfig(function, FIRST + 4 * index, 4) & LOW;
        if (wide) {
            raw |= (long) machine.readConfig(function, FIRST + 4 * index + 4, 4) << 32;
        }
        return raw & -size;
    }

    /** Writes an address. */
    public void write(Machine machine, long base) {
        machine.writeConfig(function, FIRST + 4 * index, 4, (int) base);
        if (wide) {
            machine.writeConfig(function, FIRST + 4 * index + 4, 4, (int) (base >>> 32));
        }
    }

    /** The last address it can hold. */
    public long limit() {
        return wide ? Long.MAX_VALUE : LOW;
    }
}
