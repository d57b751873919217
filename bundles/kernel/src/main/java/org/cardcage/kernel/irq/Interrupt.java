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
 * <p>Threads: {@link #raised} comes from anywhere; handlers run on the interrupt thread of the CPU that it arrives at. {@code
 * pending} coalesces what is raised before the handlers have begun; {@code running} is the thread inside the handlers and
 * {@code current} the one it is in. A thread that does not return from a handler keeps {@code running}, so that the interrupt
 * is off until it does, while the CPU goes on with others. {@code this} guards {@code hung}.
 */
public final class Interrupt implements InterruptSink {

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
    private final int cpu;
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
    private final IrqSwitch power = new IrqSwitch(this::mask);
    /** Whether a message has come while it was off. */
    private final AtomicBoolean held = new AtomicBoolean();
    /** Whether a message has come that nobody was there for. */
    private volatile boolean early;
    /** The handler of which it has been said that it does not return; null if there is none. */
    private volatile Action hung;
    /** Which vector of its set it is. */
    private volatile int vector;

    private final SpuriousCount spurious;

    Interrupt(Kernel kernel, IrqDelivery delivery, int cpu, int number, IrqChip chip) {
        this.kernel = kernel;
        this.delivery = delivery;
        this.cpu = cpu;
        this.number = number;
        this.chip = chip;
        this.spurious = new SpuriousCount(kernel::nanoTime);
        this.idle = new WaitQueue(kernel.scheduler(), "the handlers of irq " + number);
    }

    /** The number as in {@code /proc/interrupts}. */
    public int number() {
        return number;
    }

    /** The CPU that it arrives at and that runs its handlers. */
    public int cpu() {
        return cpu;
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
        boolean first = actions.isEmpty();
        actions.add(action);
        power.handlerAdded(first);
        if (early || held.getAndSet(false) || asserted()) {
            early = false;
            raised();
        }
        return action;
    }

    /**
     * Holds it back and waits for the end of handlers that run just now, unless the calling thread is in one (Linux {@code
     * disable_irq}). A message that comes meanwhile is delivered once when as many calls of {@link #enable} have followed. All
     * that share a line are concerned.
     */
    public void disable() {
        disableWithoutWaiting();
        synchronise();
    }

    /** As {@link #disable} without the wait (Linux {@code disable_irq_nosync}). */
    public void disableWithoutWaiting() {
        power.disable();
    }

    /** Takes one {@link #disable} back (Linux {@code enable_irq}). */
    public void enable() {
        if (!power.enable()) {
            log().warn("Unbalanced enable for IRQ {}", number);
        } else if (!power.isOff()) {
            releaseHeld();
        }
    }

    private void mask(boolean masked) {
        for (VectorSet set : lines) {
            try {
                set.setMasked(vector, masked);
            } catch (IllegalStateException e) {
                log().debug("its vectors are being given back: {}", e.getMessage());
            }
        }
    }

    private void releaseHeld() {
        if (held.getAndSet(false) || asserted()) {
            raised();
        }
    }

    void attach(VectorSet set, int index) {
        vector = index;
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
        if (power.isOff()) {
            hold();
        } else if (!pending.getAndSet(true)) {
            delivery.post(cpu, this);
        }
    }

    /** A line tells its level when it is on again, a message would be gone (Linux: {@code IRQS_PENDING}). */
    private void hold() {
        if (chip.isEdge()) {
            held.set(true);
            if (!power.isOff()) {
                releaseHeld(); // it has been switched on meanwhile, perhaps without seeing this one
            }
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
            } else if (power.isOff()) {
                hold();
            } else {
                count.increment();
                boolean handled = callHandlers();
                if (spurious.add(handled)) {
                    power.setStuck();
                    log().error("nobody cared; disabling it. Handlers: {}", names());
                }
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
            delivery.post(cpu, this);
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
                if (hung != null) {
                    reportReturned(action);
                }
            }
        }
        return handled;
    }

    private synchronized void reportReturned(Action action) {
        if (hung == action) {
            hung = null;
            log().warn("handler {} has returned; the interrupt is on again", action.name);
        }
    }

    /** The CPU goes on without this thread, which does not return from a handler. */
    synchronized void reportHung(Thread thread) {
        Action inside = current;
        if (inside == null || thread == null || running.get() != thread) {
            return;
        }
        hung = inside;
        if (current != inside) {
            hung = null; // it has returned just now, perhaps without seeing that somebody was about to complain
            return;
        }
        log().error(
                        "handler {} of module {} does not return; the interrupt is off until it does\n{}",
                        inside.name,
                        inside.module,
                        Stream.of(thread.getStackTrace())
                                .map(frame -> "        at " + frame)
                                .collect(Collectors.joining("\n")));
    }

    private Logger log() {
        return kernel.logger("irq " + number);
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
