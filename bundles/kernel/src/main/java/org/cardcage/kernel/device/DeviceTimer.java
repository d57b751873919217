package org.cardcage.kernel.device;

import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Timer;

/**
 * A timer of a driver (Linux {@code struct timer_list}). What its action throws is an oops of the driver's module. It goes
 * with the driver, after which the action does not run any more.
 *
 * <p>Threads: any may start and stop it; the action runs on a lane of its own, one at a time, so that one that hangs holds up
 * its own device only. {@code this} guards all fields.
 */
public final class DeviceTimer {

    private final Kernel kernel;
    private final KernelModule module;
    private final String name;
    private final Runnable action;
    private final Lane lane;
    private final WaitQueue idle;
    private Timer pending;
    /** Which start counts; an older one that comes late does nothing. */
    private long generation;

    private Thread running;
    private boolean ended;

    DeviceTimer(Kernel kernel, KernelModule module, String device, String name, Runnable action) {
        this.kernel = kernel;
        this.module = module;
        this.name = name + " of " + device;
        this.action = action;
        this.lane = kernel.scheduler().rareLane(device + "/" + name);
        this.idle = new WaitQueue(kernel, "timer " + this.name);
    }

    /**
     * The action runs after this time, and not when an earlier call said (Linux {@code mod_timer}). A timer whose driver has
     * left does nothing.
     *
     * @param delay in nanoseconds, at least 0
     */
    public synchronized void start(long delay) {
        stop();
        if (!ended) {
            long mine = generation;
            pending = kernel.scheduler().schedule(kernel.nanoTime() + Math.max(0, delay), () -> due(mine));
        }
    }

    /** It does not begin any more; may still be running (Linux {@code timer_delete}). */
    public synchronized void stop() {
        generation++;
        if (pending != null) {
            pending.cancel();
            pending = null;
        }
    }

    /**
     * Stops it and waits for the end of an action that is under way, unless the calling thread is in it (Linux {@code
     * timer_delete_sync}).
     */
    public void stopAndWait() {
        stop();
        if (runner() != Thread.currentThread()) {
            idle.awaitUninterruptibly(() -> runner() == null);
        }
    }

    /** The thread that is in the action, or null. */
    synchronized Thread runner() {
        return running;
    }

    private synchronized void due(long mine) {
        if (!ended && mine == generation) {
            lane.execute(() -> run(mine));
        }
    }

    private void run(long mine) {
        synchronized (this) {
            if (ended || mine != generation) {
                return;
            }
            running = Thread.currentThread();
        }
        try {
            action.run();
        } catch (Throwable t) { // a driver's fault is contained
            kernel.oops(module, "timer " + name, t);
        } finally {
            synchronized (this) {
                running = null;
            }
            idle.wakeUp();
        }
    }

    /** It never begins again. */
    synchronized void revoke() {
        stop();
        if (!ended) {
            ended = true;
            lane.close();
        }
    }

    /** The driver has left. */
    void end() {
        revoke();
        stopAndWait();
    }
}
