package org.cardcage.edu.device;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.board.Board;
import org.cardcage.board.BusPolicy;
import org.cardcage.machine.DmaMemory;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/**
 * A stepped board with the bus answers of QEMU and an EDU card that firmware has given its addresses and that is bus master.
 * For one thread.
 */
final class EduBench {

    static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");
    static final long MS = 1_000_000;
    /** What a transfer takes that is started at the beginning of a millisecond. */
    static final long TRANSFER = 100 * MS;
    /** Device address of the buffer. */
    static final long BUFFER = 0x40000;

    static final int WINDOW = 0x10_0000;
    /** {@code COMMAND} with memory and bus master. */
    static final int ON = 6;

    final SteppedScheduler scheduler = new SteppedScheduler();
    final List<String> reports = new ArrayList<>();
    final EduDevice card;
    final Board board;
    final long base;
    final IoMemory regs;
    /** How often an interrupt has been delivered. */
    int raised;

    EduBench() {
        this(EduOptions.DEFAULT);
    }

    EduBench(EduOptions options) {
        card = new EduDevice(options);
        board = Board.builder(scheduler)
                .busPolicy(BusPolicy.QEMU)
                .reporter(reports::add)
                .build();
        board.plug(SLOT, card);
        board.powerOn();
        config(0x04, 2, ON);
        base = config(0x10, 4) & 0xffff_fff0L;
        regs = board.map(base, WINDOW);
    }

    /** Reads configuration space; zero-extended. */
    long config(int offset, int size) {
        return Integer.toUnsignedLong(board.readConfig(SLOT, offset, size));
    }

    /** Writes configuration space. */
    void config(int offset, int size, long value) {
        board.writeConfig(SLOT, offset, size, (int) value);
    }

    /** Takes the card's interrupts of this kind. */
    VectorSet interrupts(VectorKind kind) {
        VectorSet vectors = board.vectors(SLOT, kind, 1, 1);
        vectors.connect(0, () -> raised++);
        return vectors;
    }

    /** Lets messages go to this address. */
    void messagesTo(long address, int data) {
        config(0x44, 4, address);
        config(0x48, 4, address >>> 32);
        config(0x4c, 2, data);
        config(0x42, 2, 1);
    }

    /** Whether the card asks for its pin, be it seen or not. */
    boolean requestsPin() {
        return (config(0x06, 2) & 1 << 3) != 0;
    }

    int pending() {
        return regs.read32(0x24);
    }

    /** RAM that the card reaches. */
    DmaMemory memory(int bytes) throws Exception {
        return board.dma(SLOT).allocate(bytes, 0x0fff_ffff, 1);
    }

    /** Lets computations end. */
    void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    /** Starts a transfer. */
    void start(long source, long destination, long count, long command) {
        regs.write64(0x80, source);
        regs.write64(0x88, destination);
        regs.write64(0x90, count);
        regs.write64(0x98, command);
    }

    /** Does a transfer. */
    void transfer(long source, long destination, long count, long command) {
        start(source, destination, count, command);
        scheduler.advance(TRANSFER);
    }
}
