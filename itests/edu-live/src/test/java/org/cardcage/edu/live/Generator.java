package org.cardcage.edu.live;

import static org.cardcage.edu.live.Operation.Space.CONFIG;
import static org.cardcage.edu.live.Operation.Space.MEMORY;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;

/**
 * Makes operations. It knows roughly where the registers are, so that most accesses find them, and asks for everything else too. The
 * same seed gives the same operations.
 */
final class Generator {

    private static final int[] REGISTERS = {
        0x00, 0x04, 0x08, 0x20, 0x24, 0x60, 0x64, 0x80, 0x84, 0x88, 0x8c, 0x90, 0x94, 0x98, 0x9c
    };
    private static final long[] STEPS = {
        1, 999_999, 1_000_000, 50_000_000, 99_000_000, 99_000_001, 99_999_999, 100_000_000, 100_000_001, 250_000_000
    };
    private static final int USUAL = Card.MEMORY_ENABLE | Card.BUS_MASTER;

    private final Random random;
    private final Queue<Operation> next = new ArrayDeque<>();
    private long window;
    private boolean reachable;

    Generator(long seed) {
        random = new Random(seed);
        window = random.nextInt(4) == 0 ? Places.LOW_WINDOW : Places.HIGH_WINDOW;
        if (random.nextInt(10) > 0) {
            reach();
        }
        if (random.nextInt(5) < 2) {
            useMessages();
        }
    }

    Operation next() {
        while (next.isEmpty()) {
            make();
        }
        return next.remove();
    }

    private void make() {
        if (!reachable && random.nextInt(4) == 0) {
            reach();
        }
        int kind = random.nextInt(100);
        if (random.nextInt(300) == 0) {
            next.add(new Operation.WhileComputing(window, meanwhile())); // takes much longer than others
        } else if (kind < 34) {
            next.add(access());
        } else if (kind < 45) {
            next.add(interrupt());
        } else if (kind < 50) {
            factorial();
        } else if (kind < 58) {
            transfer();
        } else if (kind < 67) {
            next.add(new Operation.Step(random.nextInt(3) == 0 ? 1 + random.nextInt(150_000_000) : pick(STEPS)));
        } else if (kind < 75) {
            next.add(readConfig());
        } else if (kind < 86) {
            writeConfig();
        } else if (kind < 88) {
            useMessages();
        } else if (kind < 97) {
            next.add(memory());
        } else if (kind < 98) {
            next.add(new Operation.Reset());
            reachable = false;
        } else {
            next.add(new Operation.ReadAllConfig());
        }
    }

    private void reach() {
        next.add(new Operation.Write(CONFIG, Card.BAR, 4, window));
        next.add(new Operation.Write(CONFIG, Card.COMMAND, 2, USUAL));
        reachable = true;
    }

    private void useMessages() {
        long target = Places.DOORBELL.start() + 4 * random.nextInt((int) Places.DOORBELL.length() / 4);
        if (random.nextInt(4) == 0) {
            target = Places.pick(
                    random,
                    Places.MAIN + 0x200,
                    Places.NOTHING.start(),
                    window + Card.IRQ_RAISE,
                    window + Card.IRQ_ACK,
                    window + Card.LIVENESS,
                    window + Card.DMA_SRC,
                    Places.DOORBELL.start() | 3L << 32,
                    0xfee0_0000L);
        }
        next.add(new Operation.Write(CONFIG, Card.MSI_ADDRESS, 4, target & 0xffff_ffffL));
        next.add(new Operation.Write(CONFIG, Card.MSI_ADDRESS_HIGH, 4, target >>> 32));
        next.add(new Operation.Write(
                CONFIG, Card.MSI_DATA, random.nextBoolean() ? 2 : 4, random.nextInt() & 0xffff_ffffL));
        next.add(new Operation.Write(CONFIG, Card.MSI_CONTROL, 2, Card.MSI_ENABLE | random.nextInt(8) << 4));
    }

    /** Any access to the registers, or close to one, of any size. */
    private Operation access() {
        int offset;
        int kind = random.nextInt(10);
        if (kind < 6) {
            offset = REGISTERS[random.nextInt(REGISTERS.length)];
        } else if (kind < 8) {
            offset = Math.max(0, REGISTERS[random.nextInt(REGISTERS.length)] + random.nextInt(15) - 7);
        } else if (kind < 9) {
            offset = random.nextInt(0x100);
        } else {
            offset = (int) Places.pick(
                    random,
                    Card.BUFFER + random.nextInt(Card.BUFFER_SIZE),
                    Places.WINDOW_SIZE - 1 - random.nextInt(16),
                    random.nextInt((int) Places.WINDOW_SIZE));
        }
        int size = random.nextInt(10) < 6 ? 4 : 1 << random.nextInt(4);
        return random.nextBoolean()
                ? new Operation.Read(MEMORY, window + offset, size)
                : new Operation.Write(MEMORY, window + offset, size, value(offset, size));
    }

    private long value(int offset, int size) {
        long value = registerValue(offset);
        if (size == 8 && random.nextInt(3) > 0) {
            // the upper half may reach a register of its own
            value = value & 0xffff_ffffL | registerValue(offset + 4 & ~3) << 32;
        }
        return size == 8 ? value : value & (1L << 8 * size) - 1;
    }

    private long registerValue(int offset) {
        if (random.nextInt(12) == 0) {
            return random.nextLong();
        }
        return switch (offset & ~3) {
            case Card.FACTORIAL -> random.nextInt(40);
            case Card.STATUS -> Places.pick(random, 0, 0x80, 0xff, 0x7f, random.nextInt());
            case Card.IRQ_RAISE, Card.IRQ_ACK -> interruptBits();
            case Card.DMA_SRC, Card.DMA_DST -> random.nextBoolean() ? deviceAddress() : Places.busAddress(random);
            case Card.DMA_COUNT -> count();
            case Card.DMA_CMD -> random.nextInt(8);
            default -> random.nextInt() & 0xffff_ffffL;
        };
    }

    private long interruptBits() {
        return Places.pick(
                random, 0, 1, 0x100, 0x101, 0xffff_ffffL, 1L << random.nextInt(32), random.nextInt() & 0xffff_ffffL);
    }

    private Operation interrupt() {
        int kind = random.nextInt(5);
        if (kind == 0) {
            return new Operation.Read(MEMORY, window + Card.IRQ_STATUS, 4);
        }
        return new Operation.Write(MEMORY, window + (kind < 3 ? Card.IRQ_RAISE : Card.IRQ_ACK), 4, interruptBits());
    }

    private void factorial() {
        if (random.nextBoolean()) {
            next.add(new Operation.Write(MEMORY, window + Card.STATUS, 4, random.nextInt(4) == 0 ? 0 : 0x80));
        }
        next.add(new Operation.Write(MEMORY, window + Card.FACTORIAL, 4, random.nextInt(40)));
        if (random.nextBoolean()) {
            next.add(new Operation.Read(MEMORY, window + Card.FACTORIAL, 4));
        }
    }

    /** None of these raises the factorial's own bit, by which its end is seen. */
    private List<Operation> meanwhile() {
        List<Operation> accesses = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            accesses.add(
                    switch (random.nextInt(8)) {
                        case 0, 1 -> new Operation.Read(MEMORY, window + Card.STATUS, 4);
                        // a write that is dropped, if ever it were not
                        case 2 -> new Operation.Write(MEMORY, window + Card.FACTORIAL, 4, random.nextInt(40));
                        case 3, 4 ->
                            new Operation.Write(MEMORY, window + Card.STATUS, 4, Places.pick(random, 0, 0x80, 0xff));
                        case 5 ->
                            new Operation.Write(
                                    MEMORY, window + Card.IRQ_RAISE, 4, interruptBits() & ~Card.FACTORIAL_INTERRUPT);
                        case 6 -> new Operation.Write(MEMORY, window + Card.IRQ_ACK, 4, interruptBits());
                        default -> new Operation.Read(MEMORY, window + Card.FACTORIAL, 4);
                    });
        }
        return accesses;
    }

    private long deviceAddress() {
        long offset =
                Places.pick(random, 0, 0, 1, random.nextInt(Card.BUFFER_SIZE), Card.BUFFER_SIZE - 1, Card.BUFFER_SIZE);
        return Card.BUFFER + offset;
    }

    private long count() {
        return Places.pick(
                random,
                0,
                1,
                3,
                4,
                8,
                random.nextInt(64),
                random.nextInt(Card.BUFFER_SIZE),
                Card.BUFFER_SIZE - 1,
                Card.BUFFER_SIZE);
    }

    private void transfer() {
        boolean toRam = random.nextBoolean();
        long device = deviceAddress();
        long room = Card.BUFFER + Card.BUFFER_SIZE - device;
        long count = random.nextInt(4) == 0 ? room : Math.min(room, count());
        long bus = Places.busAddress(random);
        next.add(set(Card.DMA_SRC, toRam ? device : bus));
        next.add(set(Card.DMA_DST, toRam ? bus : device));
        next.add(set(Card.DMA_COUNT, count));
        long command = Card.RUN | (toRam ? Card.TO_RAM : 0) | (random.nextBoolean() ? Card.DMA_INTERRUPT_WHEN_DONE : 0);
        next.add(set(Card.DMA_CMD, random.nextInt(6) == 0 ? command | (long) random.nextInt() << 3 : command));
        if (random.nextBoolean()) {
            next.add(new Operation.Step(pick(STEPS)));
        }
    }

    /** A narrow write clears the upper half, which is right for addresses that have none. */
    private Operation set(int register, long value) {
        int size = value >>> 32 == 0 && random.nextBoolean() ? 4 : 8;
        return new Operation.Write(MEMORY, window + register, size, value);
    }

    private Operation readConfig() {
        int size = 1 << random.nextInt(3);
        int offset = random.nextInt(3) == 0 ? random.nextInt(Card.CONFIG_END) : random.nextInt(0x50);
        return new Operation.Read(CONFIG, offset & -size, size);
    }

    private void writeConfig() {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> {
                long command = random.nextInt(3) == 0
                        ? random.nextInt(0x1_0000)
                        : Places.pick(random, 0, 2, 4, 6, 6, 0x406, 0x506);
                next.add(new Operation.Write(CONFIG, Card.COMMAND, 2, command));
                reachable = (command & Card.MEMORY_ENABLE) != 0;
            }
            case 3 -> moveWindow();
            case 4 -> next.add(new Operation.Write(CONFIG, Card.MSI_CONTROL, 2, random.nextInt(0x100)));
            case 5 -> next.add(new Operation.Write(CONFIG, Card.MSI_CONTROL, 1, random.nextInt(0x100)));
            case 6 -> {
                int size = 1 << random.nextInt(3);
                int offset = Card.MSI_DATA + random.nextInt(Card.CONFIG_END - Card.MSI_DATA) & -size;
                next.add(new Operation.Write(CONFIG, offset, size, random.nextInt() & (1L << 8 * size) - 1));
            }
            case 7 ->
                next.add(new Operation.Write(
                        CONFIG,
                        (int) Places.pick(random, Card.CACHE_LINE, Card.INTERRUPT_LINE),
                        1,
                        random.nextInt(0x100)));
            default -> writeHeader();
        }
    }

    /** Anything in the header but the BAR, and in the capability but the address. */
    private void writeHeader() {
        int size = 1 << random.nextInt(3);
        int offset = random.nextInt(Card.MSI_ADDRESS) & -size;
        if (offset != (Card.BAR & -size) && (offset & ~3) != Card.BAR) {
            next.add(new Operation.Write(CONFIG, offset, size, random.nextInt() & (1L << 8 * size) - 1));
            reachable &= (offset & ~3) != Card.COMMAND;
        }
    }

    private void moveWindow() {
        switch (random.nextInt(6)) {
            case 0 -> next.add(new Operation.Write(CONFIG, Card.BAR, 4, 0xffff_ffffL));
            case 1 -> next.add(new Operation.Write(CONFIG, Card.BAR, 4, Places.pick(random, 0, 0xfff0_0000L)));
            case 2 -> next.add(new Operation.Write(CONFIG, Card.BAR, 4, Places.pick(random, 0x80_0000, 0xf0_0000)));
            // one byte of the base, which other bytes may make one that nobody uses
            case 3 ->
                next.add(new Operation.Write(
                        CONFIG, Card.BAR + random.nextInt(4), 1, Places.pick(random, 0, 0x0e, 0xe0, 0xff)));
            default -> {
                window = window == Places.LOW_WINDOW ? Places.HIGH_WINDOW : Places.LOW_WINDOW;
                next.add(new Operation.Write(CONFIG, Card.BAR, 4, window));
                return;
            }
        }
        reachable = false;
    }

    /** Outside the registers, and across their edges. */
    private Operation memory() {
        Places.Area area = Places.RAM.get(random.nextInt(Places.RAM.size()));
        int size = 1 << random.nextInt(4);
        long edge = Places.pick(random, window - random.nextInt(8), window + Places.WINDOW_SIZE - random.nextInt(8));
        return switch (random.nextInt(8)) {
            case 0 -> new Operation.Read(MEMORY, edge, size);
            case 1 -> new Operation.Read(MEMORY, Places.NOTHING.start() + random.nextInt(0x100), size);
            case 2 ->
                new Operation.Write(
                        MEMORY, Places.NOTHING.start() + random.nextInt(0x100), size, -1L >>> 64 - 8 * size);
            case 3 -> new Operation.Read(MEMORY, Places.RAM_SIZE - random.nextInt(8), size);
            case 4 -> new Operation.ReadBlock(area.start() + random.nextInt(0x200), 1 + random.nextInt(0x200));
            case 5 ->
                new Operation.Write(
                        MEMORY, area.start() + random.nextInt(0x1200), size, random.nextLong() >>> 64 - 8 * size);
            default ->
                new Operation.Fill(
                        area.start() + random.nextInt(0x200), 1 + random.nextInt(0x1000), random.nextInt(0x100));
        };
    }

    private long pick(long[] values) {
        return Places.pick(random, values);
    }
}
