package org.cardcage.edu.device;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.cardcage.device.DeviceClock;
import org.cardcage.device.DmaPort;
import org.cardcage.device.FunctionPorts;

/** A machine in which something happens whenever the pin is driven. For one thread. */
final class RestlessPorts implements FunctionPorts, DmaPort, DeviceClock {

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    /** What happens. */
    Runnable onPin = () -> {};
    /** How often the pin was driven. */
    int levels;

    boolean level;

    /** Runs what the card has handed over. */
    void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Override
    public DmaPort dma() {
        return this;
    }

    @Override
    public boolean read(long address, ByteBuffer to) {
        return false;
    }

    @Override
    public boolean write(long address, ByteBuffer from) {
        return false;
    }

    @Override
    public boolean messagesEnabled() {
        return false;
    }

    @Override
    public void signal(int vector) {
        throw new AssertionError("no messages here");
    }

    @Override
    public void setPin(boolean asserted) {
        levels++;
        level = asserted;
        onPin.run();
    }

    @Override
    public void wake() {
        throw new AssertionError("the card never sleeps");
    }

    @Override
    public DeviceClock clock() {
        return this;
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public Alarm schedule(long deadline, Runnable action) {
        return () -> true;
    }

    @Override
    public Executor executor() {
        return tasks::add;
    }

    @Override
    public void report(String message) {
        throw new AssertionError(message);
    }
}
