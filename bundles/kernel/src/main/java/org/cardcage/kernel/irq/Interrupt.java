package org.cardcage.kernel.irq;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.InterruptSink;
import org.cardcage.machine.VectorSet;

/**
 * One interrupt number with its handlers (Linux {@code struct irq_desc}).
 *
 * <p>Threads: {@link #raised} comes from anywhere; handlers run on the interrupt thread of CPU 0. {@code pending} coalesces
 * what is raised before the handlers have begun; {@code running} is the thread inside the handlers and {@code handler} the
 * one it is in.
 */
public final class Interrupt implements InterruptSink {

    /** Of this many interrupts in a row ... */
    private static final int WATCHED = 100_000;
    /** ... so many unhandled ones make a line count as stuck (Linux {@code note_interrupt}). */
    private static final int STUCK = 99_900;

    /** A handler that was requested. */
    public final class Action {
        private final String name;
        private final IrqHandler handler;
        private final KernelModule module;

        private Action(String name, IrqHandler handler, KernelModule module) {
            this.name = name;
            this.handler = handler;
            this.module = module;
        }

        /** Takes the handler away without waiting for one that runs just now. */
        public void revoke() {
            actions.remove(this);
        }

        /** Takes the handler away; after the return it does not run any more (Linux {@code free_irq}). */
        public void free() {
            revoke();
            synchronise();
        }
    }

    private final Kernel kernel;
    private final IrqDelivery delivery;
    private final int number;
    private final IrqChip chip;
    private final List<VectorSet> lines = new CopyOnWriteArrayList<>();
    private final List<Action> actions = new CopyOnWriteArrayList<>();
    private final AtomicBoolean pending = new AtomicBoolean();
    private final LongAdder count = new LongAdder();
    private final WaitQueue idle;
    private volatile Thread running;
    private volatile Action handler;
    private volatile boolean disabled;
    private int seen;
    private int unhandled;

    Interrupt(Kernel kernel, IrqDelivery delivery, int number, IrqChip chip) {
        this.kernel = kernel;
        this.delivery = delivery;
        this.number = number;
        this.chip = chip;
        this.idle = new WaitQueue(kernel.scheduler(), "the handlers of irq " + number);
    }

    /** The number as in {@code /proc/interrupts}. */
    public int number() {
        return number;
    }

    /** How it arrives. */
    public IrqChip chip() {
        return chip;
    }

    /** Times its handlers have run. */
    public long count() {
        return count.sum();
    }

    /**
     * Adds a handler (Linux {@code request_irq}).
     *
     * @param name as in {@code /proc/interrupts}
     * @param module whose code the handler is
     */
    public Action request(IrqHandler handler, String name, KernelModule module) {
        Action action = new Action(name, handler, module);
        actions.add(action);
        if (asserted()) {
            raised();
        }
        return action;
    }

    void attach(VectorSet set) {
        lines.add(set);
    }

    /** The thread that is inside a handler of this module. */
    Optional<Thread> handling(KernelModule module) {
        Thread inside = running;
        Action current = handler;
        return current != null && current.module == module ? Optional.ofNullable(inside) : Optional.empty();
    }

    /** Returns whether nothing is attached any more. */
    boolean detach(VectorSet set) {
        lines.remove(set);
        return lines.isEmpty();
    }

    @Override
    public void raised() {
        if (!disabled && !pending.getAndSet(true)) {
            delivery.post(0, this::deliver);
        }
    }

    private void deliver() {
        running = Thread.currentThread();
        pending.getAndSet(false); // also takes over what those saw who found it set
        try {
            if (!disabled && !actions.isEmpty()) {
                count.increment();
                note(callHandlers());
            }
        } finally {
            running = null;
            idle.wakeUp();
        }
        if (!actions.isEmpty() && asserted()) {
            raised();
        }
    }

    private boolean callHandlers() {
        boolean handled = false;
        for (Action action : actions) {
            handler = action;
            try {
                handled |= action.handler.handle() == IrqReturn.HANDLED;
            } catch (Throwable t) { // a driver's fault is contained
                kernel.oops(action.module, "interrupt handler " + action.name + " of irq " + number, t);
            } finally {
                handler = null;
            }
        }
        return handled;
    }

    /** Shuts off a line that nobody answers for, since it would keep the CPU busy for ever. */
    private void note(boolean handled) {
        if (!handled) {
            unhandled++;
        }
        if (++seen < WATCHED) {
            return;
        }
        if (unhandled > STUCK) {
            disabled = true;
            kernel.logger("irq " + number).error("nobody cared; disabling it. Handlers: {}", names());
        }
        seen = 0;
        unhandled = 0;
    }

    private boolean asserted() {
        return lines.stream().anyMatch(set -> set.asserted(0));
    }

    /** Waits until no handler runs (Linux {@code synchronize_irq}); a handler that calls this does not wait for itself. */
    public void synchronise() {
        if (running != Thread.currentThread()) {
            idle.awaitUninterruptibly(() -> running == null);
        }
    }

    /** Names of the handlers as in {@code /proc/interrupts}. */
    public String names() {
        return actions.stream().map(action -> action.name).collect(Collectors.joining(", "));
    }
}
