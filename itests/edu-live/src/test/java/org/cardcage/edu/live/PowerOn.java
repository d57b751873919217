package org.cardcage.edu.live;

import static org.cardcage.edu.live.Operation.Space.CONFIG;
import static org.cardcage.edu.live.Operation.Space.MEMORY;

import java.util.ArrayList;
import java.util.List;

/**
 * The state that each sequence starts from, written down, and how it is reached without a new process, by
 * the card's own registers alone. All of this is done on both sides and compared like the rest.
 */
final class PowerOn {

    static final Operation SILENT_DOORBELL =
            new Operation.Fill(Places.DOORBELL.start(), (int) Places.DOORBELL.length(), Places.DOORBELL_FILL);

    private static final long MILLISECOND = 1_000_000;
    private static final Operation LONG_ENOUGH = new Operation.Step(200 * MILLISECOND);
    private static final long WINDOW = Places.HIGH_WINDOW;
    private static final long ALL = 0xffff_ffffL;

    /** Without a scratch byte that is not 0, which fill the rest. */
    private static final String CONFIGURATION =
            "11e81234 100000 ff0010 0 " + "0 ".repeat(7) + "11001af4 0 40 0 100 800005 " + "0 ".repeat(46) + "0";

    /** An operation whose answer is known. */
    record Known(Operation operation, String answer) {}

    /** What a card that has just got power says, after which its registers are reachable. */
    static final List<Known> CHECK = check();

    /** Brings the card to that state out of the one that {@link #FINAL_LOOK} leaves. */
    static final List<Operation> RESTORE = restore();

    /** How a sequence ends: everything is compared, and nothing is under way or pending any more. */
    static final List<Operation> FINAL_LOOK = finalLook();

    private PowerOn() {}

    private static List<Known> check() {
        List<Known> known = new ArrayList<>();
        known.add(new Known(new Operation.ReadAllConfig(), CONFIGURATION));
        reach(Card.MEMORY_ENABLE | Card.BUS_MASTER).forEach(op -> known.add(new Known(op, "")));
        known.add(new Known(register(Card.IDENTIFICATION, 4), "10000ed"));
        for (int offset : new int[] {Card.LIVENESS, Card.FACTORIAL, Card.STATUS, Card.IRQ_STATUS}) {
            known.add(new Known(register(offset, 4), "0"));
        }
        for (int offset : new int[] {Card.DMA_SRC, Card.DMA_DST, Card.DMA_COUNT, Card.DMA_CMD}) {
            known.add(new Known(register(offset, 8), "0"));
        }
        leave().forEach(op -> known.add(new Known(op, "")));
        return List.copyOf(known);
    }

    private static List<Operation> restore() {
        List<Operation> all = new ArrayList<>();
        all.add(SILENT_DOORBELL);
        all.add(config(Card.MSI_CONTROL, 2, 0));
        all.addAll(reach(Card.MEMORY_ENABLE | Card.BUS_MASTER));
        all.add(set(Card.STATUS, 4, 0));
        all.add(set(Card.FACTORIAL, 4, 34)); // the product is 0
        all.add(set(Card.LIVENESS, 4, ALL));
        all.addAll(emptyRam());
        all.addAll(transfer(Places.MAIN, Card.BUFFER, Card.BUFFER_SIZE, Card.RUN));
        all.add(new Operation.Fill(Places.MAIN, Card.BUFFER_SIZE, 0xff));
        all.addAll(transfer(Card.BUFFER, Places.MAIN, Card.BUFFER_SIZE, Card.RUN | Card.TO_RAM));
        all.addAll(readRam());
        all.addAll(emptyRam());
        all.addAll(transfer(0, Card.BUFFER, 0, Card.RUN)); // the command keeps what was started last
        for (int offset : new int[] {Card.DMA_SRC, Card.DMA_DST, Card.DMA_COUNT}) {
            all.add(set(offset, 8, 0));
        }
        for (int offset = Card.SCRATCH + 2; offset < Card.CONFIG_END; offset += 4) {
            all.add(config(offset, 4, 0));
        }
        all.add(config(Card.SCRATCH, 2, 0));
        for (int offset : new int[] {Card.MSI_ADDRESS, Card.MSI_ADDRESS_HIGH}) {
            all.add(config(offset, 4, 0));
        }
        all.add(config(Card.MSI_DATA, 2, 0));
        all.add(config(Card.INTERRUPT_LINE, 1, 0));
        all.add(config(Card.CACHE_LINE, 1, 0));
        all.addAll(leave());
        return List.copyOf(all);
    }

    private static List<Operation> finalLook() {
        List<Operation> all = new ArrayList<>();
        all.add(new Operation.ReadAllConfig());
        all.addAll(reach(Card.MEMORY_ENABLE | Card.BUS_MASTER));
        all.add(LONG_ENOUGH);
        all.add(config(Card.MSI_CONTROL, 2, 0));
        for (int offset : new int[] {Card.LIVENESS, Card.FACTORIAL, Card.STATUS, Card.IRQ_STATUS}) {
            all.add(register(offset, 4));
        }
        for (int offset : new int[] {Card.DMA_SRC, Card.DMA_DST, Card.DMA_COUNT, Card.DMA_CMD}) {
            all.add(register(offset, 8));
        }
        all.addAll(readRam());
        all.addAll(transfer(Card.BUFFER, Places.MAIN, Card.BUFFER_SIZE, Card.RUN | Card.TO_RAM));
        all.addAll(readRam());
        all.add(set(Card.IRQ_ACK, 4, ALL));
        return List.copyOf(all);
    }

    private static List<Operation> reach(int command) {
        return List.of(config(Card.COMMAND, 2, 0), config(Card.BAR, 4, WINDOW), config(Card.COMMAND, 2, command));
    }

    private static List<Operation> leave() {
        return List.of(config(Card.COMMAND, 2, 0), config(Card.BAR, 4, 0));
    }

    private static List<Operation> transfer(long source, long destination, long count, int command) {
        return List.of(
                set(Card.DMA_SRC, 8, source),
                set(Card.DMA_DST, 8, destination),
                set(Card.DMA_COUNT, 8, count),
                set(Card.DMA_CMD, 4, command),
                LONG_ENOUGH);
    }

    private static List<Operation> emptyRam() {
        return Places.RAM.stream()
                .<Operation>map(area -> new Operation.Fill(area.start(), (int) area.length(), 0))
                .toList();
    }

    /** All of it, since a mask with holes leads a transfer elsewhere. */
    private static List<Operation> readRam() {
        return Places.RAM.stream()
                .<Operation>map(area -> new Operation.ReadBlock(area.start(), (int) area.length()))
                .toList();
    }

    private static Operation config(int offset, int size, long value) {
        return new Operation.Write(CONFIG, offset, size, value);
    }

    private static Operation register(int offset, int size) {
        return new Operation.Read(MEMORY, WINDOW + offset, size);
    }

    private static Operation set(int offset, int size, long value) {
        return new Operation.Write(MEMORY, WINDOW + offset, size, value);
    }
}
