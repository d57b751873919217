package org.cardcage.edu.device;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.cardcage.device.DeviceClock;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.DmaPort;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.FunctionPorts;

/**
 * An EDU card whose factorials are done when {@link #settle} says so, however much virtual time passes: QEMU's are done in
 * real time by a thread of their own, and recordings say where that was waited for. Transfers keep their time.
 *
 * <p>For one thread.
 */
final class HeldCard extends DeviceModel {

    private final EduDevice card;
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    /** Between the deadline of a transfer and what it hands to the executor. */
    private boolean due;

    private boolean wrote;

    HeldCard(EduDevice card) {
        this.card = card;
    }

    /** Lets computations end, with the interrupts that follow. */
    void settle() {
        for (Runnable task = held.poll(); task != null; task = held.poll()) {
            task.run();
        }
    }

    /** Whether the card has written to the bus, by a message or a transfer, since this was last asked. */
    boolean hasWritten() {
        boolean result = wrote;
        wrote = false;
        return result;
    }

    private void execute(Runnable task) {
        if (due) {
            due = false;
            task.run();
        } else {
            held.add(task);
        }
    }

    @Override
    public FunctionDescription description() {
        return card.description();
    }

    @Override
    public void powerOn(FunctionPorts ports) {
        card.powerOn(new Ports(ports));
    }

    @Override
    public long read(int bar, long offset, int size) {
        return card.read(bar, offset, size);
    }

    @Override
    public void write(int bar, long offset, int size, long value) {
        card.write(bar, offset, size, value);
    }

    @Override
    public void reset() {
        card.reset();
    }

    @Override
    public void powerOff() {
        card.powerOff();
    }

    private final class Ports implements FunctionPorts, DeviceClock {

        private final FunctionPorts board;

        Ports(FunctionPorts board) {
            this.board = board;
        }

        @Override
        public DmaPort dma() {
            wrote = true;
            return board.dma();
        }

        @Override
        public boolean messagesEnabled() {
            return board.messagesEnabled();
        }

        @Override
        public void signal(int vector) {
            wrote = true;
            board.signal(vector);
        }

        @Override
        public void setPin(boolean asserted) {
            board.setPin(asserted);
        }

        @Override
        public void setPin(boolean asserted, long order) {
            board.setPin(asserted, order);
        }

        @Override
        public void wake() {
            board.wake();
        }

        @Override
        public DeviceClock clock() {
            return this;
        }

        @Override
        public long nanoTime() {
            return board.clock().nanoTime();
        }

        @Override
        public Alarm schedule(long deadline, Runnable action) {
            return board.clock().schedule(deadline, () -> {
                due = true;
                action.run();
            });
        }

        @Override
        public Executor executor() {
            return HeldCard.this::execute;
        }

        @Override
        public void report(String message) {
            board.report(message);
        }
    }
}
