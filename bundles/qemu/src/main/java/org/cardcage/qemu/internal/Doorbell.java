package org.cardcage.qemu.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.cardcage.machine.InterruptSink;

/**
 * A page of RAM that interrupt messages are addressed to, since a message is nothing but a memory write and QEMU tells nobody of
 * it. Each vector has a cell of 4 bytes, 0 while nothing has come. Whoever sends commands has the page looked at afterwards.
 *
 * <p>What comes between the look and the emptying of a cell is not lost: the sink is told after the cell was emptied, so its
 * handler sees what caused either message.
 *
 * <p>Threads: any. {@code taken} is guarded by this object's lock; {@code emptying} is held while cells are emptied, also while QEMU
 * is waited for, so that no message is told twice. Sinks are called without a lock.
 */
final class Doorbell {

    /** Bytes of RAM that are needed. */
    static final int SIZE = 4096;

    private static final int CELL = 4;
    private static final int CELLS = SIZE / CELL;

    private final Qtest qtest;
    private final long address;
    private final Object emptying = new Object();
    private final BitSet taken = new BitSet();
    private final AtomicReferenceArray<InterruptSink> sinks = new AtomicReferenceArray<>(CELLS);
    /** Cells from here on have no sink. */
    private volatile int end;

    /** @param address of {@link #SIZE} bytes of RAM, all 0 */
    Doorbell(Qtest qtest, long address) {
        this.qtest = qtest;
        this.address = address;
    }

    /** Takes a cell; -1 if none is left. */
    synchronized int take() {
        int cell = taken.nextClearBit(0);
        if (cell == CELLS) {
            return -1;
        }
        taken.set(cell);
        return cell;
    }

    /** Where a message for this cell goes. */
    long address(int cell) {
        return address + (long) CELL * cell;
    }

    /** What a message for this cell says; anything but 0 would do. */
    static int data(int cell) {
        return cell + 1;
    }

    /** From now on {@code sink} is told of messages, also of one that has come already. */
    void connect(int cell, InterruptSink sink) {
        synchronized (this) {
            sinks.set(cell, sink);
            end = Math.max(end, cell + 1);
        }
        empty();
    }

    /** The cell may be somebody else's; nothing is sent to it any more. */
    void giveBack(int cell) {
        // who is emptying the cell just now would otherwise take the next one's first message for the old sink's
        synchronized (emptying) {
            synchronized (this) {
                sinks.set(cell, null);
                while (end > 0 && sinks.get(end - 1) == null) {
                    end--;
                }
            }
        }
        qtest.write(address(cell), CELL, 0);
        synchronized (this) {
            taken.clear(cell);
        }
    }

    /** Whether somebody waits for messages. */
    boolean isArmed() {
        return end > 0;
    }

    /** Adds a look at the cells, whose reply {@link #answered} takes; null while nobody waits for messages. */
    Reply addTo(Commands commands) {
        int cells = end;
        return cells == 0 ? null : commands.readBlock(address, CELL * cells);
    }

    /** Waits for what {@link #addTo} has given and tells the sinks. */
    void answered(Reply look) throws IOException {
        for (byte each : look.bytes()) {
            if (each != 0) {
                empty();
                return;
            }
        }
    }

    private void empty() {
        List<InterruptSink> rung;
        try {
            synchronized (emptying) {
                rung = emptyCells();
            }
        } catch (IOException e) {
            return; // QEMU has gone, and with it all vectors
        }
        rung.forEach(InterruptSink::raised);
    }

    private List<InterruptSink> emptyCells() throws IOException {
        List<InterruptSink> rung = new ArrayList<>();
        Commands commands = qtest.commands();
        Reply look = addTo(commands);
        if (look == null) {
            return rung;
        }
        commands.send();
        byte[] cells = look.bytes();
        Reply last = look;
        for (int at = 0; at < cells.length; at += CELL) {
            InterruptSink sink = sinks.get(at / CELL);
            if (sink != null && (cells[at] | cells[at + 1] | cells[at + 2] | cells[at + 3]) != 0) {
                last = commands.write(address + at, CELL, 0);
                rung.add(sink);
            }
        }
        commands.send();
        last.text();
        return rung;
    }
}
