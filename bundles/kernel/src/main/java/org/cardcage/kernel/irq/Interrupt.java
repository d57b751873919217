package org.cardcage.kernel.irq;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.InterruptSink;
import org.cardcage.machine.VectorSet;
import org.slf4j.Logger;

/**
 * One interrupt number with its handlers (Linux {@code struct irq_desc}).
 *
 * <p>Threads: {@link #raised} comes from anywhere; handlers run on the interrupt thread of CPU 0. {@code pending} coalesces
 * what is raised before the handlers have begun; {@code running} is the thread inside the handlers and {@code current} the
 * one it is in. A thread that does not return from a handler keeps {@code running}, so that the interrupt is off until it does,
 * while the CPU goes on with others.
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
        private volatile boolean freed;

        private Action(String name, IrqHandler handler, KernelModule module) {
            this.name = name;
            this.handler = handler;
            this.module = module;
        }

        /** Takes the handler away without waiting for it if it runs just now. */
        public void revoke() {
            freed = true;
            actions.remove(this);
        }

        /**
         * Takes the handler away; after the return it does not run any more (Linux {@code free_irq}). Waits for this handler
         * only, since one that shares the interrupt may hang; a handler that calls this does not wait for itself.
         */
        public void free() {
            revoke();
            if (running.get() != Thread.currentThread()) {
                idle.awaitUninterruptibly(() -> current != this);
            }
        }
    }

    private final Kernel kernel;
    private final IrqDelivery delivery;
    private final int number;
    private final IrqChip chip;
    private final List<VectorSet> lines = new CopyOnWriteArrayList<>();
    private final List<Action> actions = new CopyOnWriteArrayList<>();
    private final AtomicBoolean pending = new AtomicBoolean();
    /** Whether it came while a thread that the CPU has left behind was still inside. */
    private final AtomicBoolean missed = new AtomicBoolean();

    private final LongAdder count = new LongAdder();
    private final WaitQueue idle;
    private final AtomicReference<Thread> running = new AtomicReference<>();
    private volatile Action current;
    private volatile boolean disabled;
    /** Whether a message has come that nobody was there for. */
    private volatile boolean early;
    /** Whether it has been said that the handler does not return. */
    private volatile boolean hung;

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
     * Adds a handler (Linux {@code request_irq}). It is called for a message that came when there was none, and a line that was
     * shut off gets another chance.
     *
     * @param name as in {@code /proc/interrupts}
     * @param module whose code the handler is
     */
    public Action request(IrqHandler handler, String name, KernelModule module) {
        Action action = new Action(name, handler, module);
        actions.add(action);
        disabled = false;
        if (early || asserted()) {
            early = false;
            raised();
        }
        return action;
    }

    void attach(VectorSet set) {
        lines.add(set);
    }

    /** The thread that is inside a handler of this module. */
    Optional<Thread> handling(KernelModule module) {
        Thread inside = running.get();
        Action action = current;
        return action != null && action.module == module ? Optional.ofNullable(inside) : Optional.empty();
    }

    /** Returns whether nothing is attached any more. */
    boolean detach(VectorSet set) {
        lines.remove(set);
        return lines.isEmpty();
    }

    @Override
    public void raised() {
        if (!disabled && !pending.getAndSet(true)) {
            delivery.post(0, this);
        }
    }

    /** On the thread of a virtual CPU. While another one is still inside, it is that one's end that delivers again. */
    void deliver() {
        if (!running.compareAndSet(null, Thread.currentThread())) {
            missed.set(true);
            if (running.get() == null) {
                deliverMissed();
            }
            return;
        }
        pending.getAndSet(false); // also takes over what those saw who found it set
        try {
            if (actions.isEmpty()) {
                keepForLater();
            } else if (!disabled) {
                count.increment();
                note(callHandlers());
            }
        } finally {
            running.set(null);
            idle.wakeUp();
            deliverMissed();
        }
        if (!actions.isEmpty() && asserted()) {
            raised();
        }
    }

    /** A line tells its level to the next handler, a message would be gone (Linux: {@code IRQS_PENDING}). */
    private void keepForLater() {
        early = chip.isEdge();
        if (early && !actions.isEmpty()) {
            early = false;
            raised();
        }
    }

    private void deliverMissed() {
        if (missed.get() && missed.getAndSet(false)) {
            delivery.post(0, this);
        }
    }

    private boolean callHandlers() {
        boolean handled = false;
        for (Action action : actions) {
            current = action;
            try {
                handled |= !action.freed && action.handler.handle() == IrqReturn.HANDLED;
            } catch (Throwable t) { // a driver's fault is contained
                kernel.oops(action.module, "interrupt handler " + action.name + " of irq " + number, t);
            } finally {
                current = null;
                if (action.freed) {
                    idle.wakeUp();
                }
                if (hung) {
                    hung = false;
                    log().warn("handler {} has returned; the interrupt is on again", action.name);
                }
            }
        }
        return handled;
    }

    /** The CPU goes on without this thread, which does not return from a handler. */
    void reportHung(Thread thread) {
        Action inside = current;
        if (inside != null && thread != null && running.get() == thread) {
            hung = true;
            log().error(
                            "handler {} of module {} does not return; the interrupt is off until it does\n{}",
                            inside.name,
                            inside.module,
                            Stream.of(thread.getStackTrace())
                                    .map(frame -> "        at " + frame)
                                    .collect(Collectors.joining("\n")));
        }
    }

    private Logger log() {
        return kernel.logger("irq " + number);
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
            log().error("nobody cared; disabling it. Handlers: {}", names());
        }
        seen = 0;
        unhandled = 0;
    }

    private boolean asserted() {
        return lines.stream().anyMatch(set -> set.asserted(0));
    }

    /** Waits until no handler runs (Linux {@code synchronize_irq}); a handler that calls this does not wait for itself. */
    public void synchronise() {
        if (running.get() != Thread.currentThread()) {
            idle.awaitUninterruptibly(() -> running.get() == null);
        }
    }

    /** Names of the handlers as in {@code /proc/interrupts}. */
    public String names() {
        return actions.stream().map(action -> action.name).collect(Collectors.joining(", "));
    }
}
