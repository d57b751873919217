package org.cardcage.properties;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.cardcage.board.Board;
import org.cardcage.board.BusPolicy;
import org.cardcage.edu.device.EduDevice;
import org.cardcage.edu.device.EduOptions;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.SteppedScheduler;

/** Two EDU cards on a board, one of which is attacked. For one thread. */
final class Arena {

    private static final FunctionAddress VICTIM = FunctionAddress.parse("00:04.0");
    private static final FunctionAddress NEIGHBOUR = FunctionAddress.parse("00:05.0");
    private static final long BASE = 0xe000_0000L;
    private static final long NEIGHBOURS_BASE = 0xe010_0000L;
    private static final int WINDOW = 0x10_0000;
    private static final int FACTORIAL = 0x08;
    private static final long BUFFER = 0x40000;
    private static final long RAM = 0x100_0000;

    private static final long MILLISECOND = 1_000_000;
    private static final long LONGEST_STEP = 400 * MILLISECOND;
    /** Some transfers over all registers, with a message for each piece. */
    private static final int MOST_CALLS = 200_000;
    /** Multiplying 2^32 times takes longer. */
    private static final long MOST_CPU_TIME = 1000 * MILLISECOND;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final EduOptions options;
    private final Board board;
    private CountedCard victim;

    Arena(BusPolicy policy, EduOptions options) {
        this.options = options;
        board = Board.builder(scheduler).busPolicy(policy).reporter(m -> {}).build();
        victim = card();
        board.plug(VICTIM, victim);
        board.plug(NEIGHBOUR, card());
        board.powerOn();
        turnOn();
    }

    private CountedCard card() {
        return new CountedCard(new EduDevice(options), MOST_CALLS);
    }

    private void turnOn() {
        board.writeConfig(NEIGHBOUR, 0x10, 4, (int) NEIGHBOURS_BASE);
        board.writeConfig(NEIGHBOUR, 0x04, 2, 6);
        board.writeConfig(VICTIM, 0x10, 4, (int) BASE);
        board.writeConfig(VICTIM, 0x04, 2, 6);
    }

    /** Does it; whatever the card throws is thrown, and what takes too long is a failure. */
    void suffer(Attack attack) {
        victim.restart();
        long before = threads.getCurrentThreadCpuTime();
        perform(attack);
        assertThat(threads.getCurrentThreadCpuTime() - before)
                .as("nanoseconds of CPU for %s", attack)
                .isLessThan(MOST_CPU_TIME);
    }

    private void perform(Attack a) {
        IoMemory regs = board.map(BASE, WINDOW);
        switch (a.kind()) {
            case READ -> regs.read(Math.min(a.where() & WINDOW - 1, WINDOW - a.size()), a.size());
            case WRITE -> regs.write(Math.min(a.where() & WINDOW - 1, WINDOW - a.size()), a.size(), a.value());
            case READ_UNCHECKED -> victim.read(0, a.where(), a.size());
            case WRITE_UNCHECKED -> victim.write(0, a.where(), a.size(), a.value());
            case READ_CONFIGURATION -> {
                int size = Math.min(a.size(), 4);
                board.readConfig(VICTIM, (int) a.where() & 0xff & -size, size);
            }
            case WRITE_CONFIGURATION -> {
                int size = Math.min(a.size(), 4);
                board.writeConfig(VICTIM, (int) a.where() & 0xff & -size, size, (int) a.value());
            }
            case AIM_MESSAGES -> {
                long target = a.size() == 8 ? a.value() : (a.size() == 4 ? NEIGHBOURS_BASE : BASE) + a.where();
                aim(VICTIM, target, (int) a.value());
                // two cards whose messages are each other's operands compute for ever, as QEMU's do
                boolean operand = (a.where() & -4) == FACTORIAL;
                aim(NEIGHBOUR, operand ? RAM : BASE + a.where(), (int) a.value() >>> 16);
            }
            case START_TRANSFER -> start(regs, a.where(), a.value(), a.size() == 8 ? a.value() : 4096, a.size());
            case START_TRANSFER_TO_REGISTERS -> {
                long target = (a.size() == 4 ? NEIGHBOURS_BASE : BASE) + (a.where() & 7);
                start(regs, BUFFER, target, 4096, 2);
            }
            case START_FACTORIAL -> {
                regs.write32(0x20, 0x80);
                regs.write32(0x08, (int) a.value());
            }
            case LET_TIME_PASS -> scheduler.advance(Math.floorMod(a.value(), LONGEST_STEP));
            case RESET_BOARD -> board.reset();
            case RESET_CARD -> victim.reset();
            case REPLACE_CARD -> {
                board.unplug(VICTIM);
                victim = card();
                board.plug(VICTIM, victim);
                turnOn();
            }
        }
    }

    private void aim(FunctionAddress function, long address, int data) {
        board.writeConfig(function, 0x44, 4, (int) address);
        board.writeConfig(function, 0x48, 4, (int) (address >>> 32));
        board.writeConfig(function, 0x4c, 2, data);
        board.writeConfig(function, 0x42, 2, 1);
    }

    private static void start(IoMemory regs, long source, long destination, long count, int way) {
        regs.write64(0x80, source);
        regs.write64(0x88, destination);
        regs.write64(0x90, count);
        regs.write64(0x98, 5 | way & 2);
    }

    /** After all that: once nothing is under way any more, the card does what it is for. */
    void checkWorks() {
        victim.restart();
        turnOn();
        board.writeConfig(VICTIM, 0x42, 2, 0);
        board.writeConfig(NEIGHBOUR, 0x42, 2, 0);
        scheduler.advance(2 * LONGEST_STEP);
        IoMemory regs = board.map(BASE, WINDOW);
        assertThat(regs.read32(0x00)).isEqualTo(EduDevice.IDENTIFICATION);
        assertThat(regs.read32(0x20) & 1).as("computing").isZero();
        assertThat(regs.read32(0x98) & 1).as("running").isZero();
        regs.write32(0x20, 0);
        regs.write32(0x64, -1);
        assertThat(regs.read32(0x24)).as("pending").isZero();
        regs.write32(0x04, 5);
        assertThat(regs.read32(0x04)).isEqualTo(~5);
        regs.write32(0x08, 5);
        scheduler.advance(LONGEST_STEP);
        assertThat(regs.read32(0x08)).isEqualTo(120);
        regs.write32(0x60, 1);
        assertThat(board.readConfig(VICTIM, 0x06, 2) & 8).as("pin").isEqualTo(8);
        if ((options.dmaMask() & RAM) != 0) {
            checkTransfers(regs);
        }
    }

    private void checkTransfers(IoMemory regs) {
        long from = RAM;
        long to = RAM | 0x8000;
        board.map(from, 8).write64(0, 0x1122_3344_5566_7788L);
        start(regs, from, BUFFER, 8, 0);
        scheduler.advance(LONGEST_STEP);
        start(regs, BUFFER, to, 8, 2);
        scheduler.advance(LONGEST_STEP);
        long folded = to & options.dmaMask();
        assertThat(board.map(folded, 8).read64(0)).isEqualTo(0x1122_3344_5566_7788L);
    }
}
