package org.cardcage.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.cardcage.machine.Scheduler;

/**
 * Where threads sleep until a condition holds (Linux {@code wait_queue_head_t}). Who changes the condition calls {@link
 * #wakeUp} afterwards; every sleeper then looks at its condition again.
 *
 * <p>Threads: any, an interrupt handler may wake. No lock is held while a condition is evaluated, so a condition reads
 * volatile fields or takes its own lock.
 */
public final class WaitQueue {

    private final Scheduler scheduler;
    private final String name;
    private final List<Thread> sleepers = new CopyOnWriteArrayList<>();
    /** Replaced under {@code this}, so that a queue without listeners costs nothing. */
    private volatile List<Runnable> listeners = List.of();

    private volatile Errno dead;

    /**
     * @param name says in reports what its sleepers wait for
     */
    public WaitQueue(Scheduler scheduler, String name) {
        this.scheduler = scheduler;
        this.name = name;
    }

    /** A queue in the time of a kernel. */
    public WaitQueue(Kernel kernel, String name) {
        this(kernel.scheduler(), name);
    }

    /**
     * Sleeps until {@code condition} holds (Linux {@code wait_event_interruptible}).
     *
     * @param cancel the token of the system call on whose behalf the thread sleeps
     * @throws KernelException EINTR if the thread is interrupted (its interrupt flag stays set), the token's errno if it
     *     is cancelled, the queue's errno after {@link #kill}
     */
    public void await(CancelToken cancel, BooleanSupplier condition) {
        await(cancel, Scheduler.NEVER, condition);
    }

    /**
     * As {@link #await(CancelToken, BooleanSupplier)}, but no longer than until {@code deadline} (Linux {@code
     * wait_event_interruptible_timeout}).
     *
     * @param deadline in the time of {@link Scheduler#nanoTime}
     * @return whether the condition held
     */
    public boolean await(CancelToken cancel, long deadline, BooleanSupplier condition) {
        if (condition.getAsBoolean()) {
            return true;
        }
        Thread me = Thread.currentThread();
        cancel.sleeping(me, scheduler);
        sleepers.add(me);
        try {
            while (!condition.getAsBoolean()) {
                cancel.check();
                if (dead != null) {
                    throw new KernelException(dead);
                }
                if (me.isInterrupted()) {
                    throw new KernelException(Errno.EINTR);
                }
                if (deadline <= scheduler.nanoTime()) {
                    return false;
                }
                scheduler.park(name, deadline);
            }
            return true;
        } finally {
            sleepers.remove(me);
            cancel.sleeping(null, null);
        }
    }

    /**
     * Sleeps until {@code condition} holds and nothing else (Linux {@code wait_event}); an interrupt is kept for later.
     */
    public void awaitUninterruptibly(BooleanSupplier condition) {
        awaitUninterruptibly(Scheduler.NEVER, condition);
    }

    /** As {@link #awaitUninterruptibly(BooleanSupplier)}, but no longer than until {@code deadline}. */
    public boolean awaitUninterruptibly(long deadline, BooleanSupplier condition) {
        Thread me = Thread.currentThread();
        boolean interrupted = false;
        sleepers.add(me);
        try {
            while (!condition.getAsBoolean()) {
                if (deadline <= scheduler.nanoTime()) {
                    return false;
                }
                interrupted |= Thread.interrupted();
                scheduler.park(name, deadline);
            }
            return true;
        } finally {
            sleepers.remove(me);
            if (interrupted) {
                me.interrupt();
            }
        }
    }

    /** Lets all sleepers look at their condition again (Linux {@code wake_up_all}), and tells the listeners. */
    public void wakeUp() {
        for (Thread sleeper : sleepers) {
            scheduler.unpark(sleeper);
        }
        for (Runnable listener : listeners) {
            listener.run();
        }
    }

    /**
     * Has each wake-up told from now on, for those who cannot sleep here (a wait-queue entry with a function of its own, as
     * of epoll).
     *
     * @param listener called on the thread that wakes; it must be quick and must not wait
     * @return ends that
     */
    public Runnable listen(Runnable listener) {
        Runnable mine = listener::run; // one listener may listen several times
        synchronized (this) {
            List<Runnable> more = new ArrayList<>(listeners);
            more.add(mine);
            listeners = more;
        }
        return () -> forget(mine);
    }

    private synchronized void forget(Runnable listener) {
        List<Runnable> fewer = new ArrayList<>(listeners);
        fewer.remove(listener);
        listeners = fewer;
    }

    /** Whether anybody sleeps here. */
    public boolean hasSleepers() {
        return !sleepers.isEmpty();
    }

    /** Whether a wake-up is told to anybody, see {@link #listen}. */
    public boolean hasListeners() {
        return !listeners.isEmpty();
    }

    /** Ends all present and later sleeps with {@code why}; for a device that goes away. */
    public void kill(Errno why) {
        dead = why;
        wakeUp();
    }
}
