package org.cardcage.edu.driver;

import static org.cardcage.edu.driver.EduRegisters.*;

import java.util.function.BooleanSupplier;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kernel.irq.IrqReturn;
import org.cardcage.machine.IoMemory;

/**
 * One EDU card: starts computations, one at a time, and takes their results when the card interrupts.
 *
 * <p>Threads: callers of the file operations, and the interrupt thread in {@link #interrupt}. {@code this} guards {@code
 * running} and {@code forText}; no register is touched and nobody is woken under it, except to start the card, which must
 * not be overtaken.
 */
final class EduCard {

    /** A computation that somebody wants. */
    static final class Computation {
        private final int operand;
        private volatile boolean done;
        private volatile int result;

        Computation(int operand) {
            this.operand = operand;
        }

        boolean isDone() {
            return done;
        }

        int result() {
            return result;
        }
    }

    private final IoMemory registers;
    private final WaitQueue changed;
    private Computation running;
    /** What was asked for in text form and has not been read yet. */
    private Computation forText;

    EduCard(IoMemory registers, Kernel kernel) {
        this.registers = registers;
        this.changed = new WaitQueue(kernel, "the EDU card's result");
    }

    /** The identification register. */
    int id() {
        return registers.read32(ID);
    }

    /**
     * With the interrupt requested: nothing pending. A computation that somebody left running may end just now, so the
     * handler, which needs the lock, must be there already.
     */
    synchronized void init() {
        registers.write32(IRQ_ACKNOWLEDGE, registers.read32(IRQ_STATUS));
        registers.write32(STATUS, STATUS_IRQ_WHEN_DONE);
        if ((registers.read32(STATUS) & STATUS_COMPUTING) != 0) {
            running = new Computation(0);
        }
    }

    /** After the last caller has left: the card stays silent. */
    void shutdown() {
        registers.write32(STATUS, 0);
        registers.write32(IRQ_ACKNOWLEDGE, registers.read32(IRQ_STATUS));
        changed.kill(Errno.ENODEV);
    }

    /** Interrupt handler. */
    IrqReturn interrupt() {
        int pending = registers.read32(IRQ_STATUS);
        if (pending == 0 || pending == GONE) {
            return IrqReturn.NONE;
        }
        registers.write32(IRQ_ACKNOWLEDGE, pending);
        if ((pending & IRQ_FACTORIAL) != 0) {
            finish(registers.read32(FACTORIAL));
        }
        return IrqReturn.HANDLED;
    }

    private void finish(int result) {
        Computation finished;
        synchronized (this) {
            finished = running;
            running = null;
        }
        if (finished != null) {
            finished.result = result;
            finished.done = true;
        }
        changed.wakeUp();
    }

    /**
     * Starts a computation as soon as the card is free.
     *
     * @param text whether the next text read shall give the result
     * @param nonBlocking whether EAGAIN is wanted where it would have to sleep
     */
    Computation start(int operand, boolean text, boolean nonBlocking, CancelToken cancel) {
        Computation computation = new Computation(operand);
        await(nonBlocking, cancel, () -> tryStart(computation, text));
        return computation;
    }

    private synchronized boolean tryStart(Computation computation, boolean text) {
        if (running != null) {
            return false;
        }
        running = computation;
        if (text) {
            forText = computation;
        }
        registers.write32(FACTORIAL, computation.operand);
        return true;
    }

    /** Sleeps until the computation is done; its result. */
    int await(Computation computation, boolean nonBlocking, CancelToken cancel) {
        await(nonBlocking, cancel, computation::isDone);
        return computation.result();
    }

    /** The factorial register, once the card is idle. */
    int awaitRegister(boolean nonBlocking, CancelToken cancel) {
        await(nonBlocking, cancel, this::isIdle);
        return registers.read32(FACTORIAL);
    }

    private synchronized boolean isIdle() {
        return running == null;
    }

    /**
     * Takes the result that was asked for in text form; each result is given once. Sleeps until it is there.
     *
     * @param always whether to sleep also if nothing was asked for yet
     * @return the result, or null if nothing was asked for
     */
    Computation takeTextResult(boolean always, boolean nonBlocking, CancelToken cancel) {
        Computation[] taken = new Computation[1];
        await(nonBlocking, cancel, () -> {
            synchronized (this) {
                if (forText == null) {
                    return !always;
                }
                if (!forText.isDone()) {
                    return false;
                }
                taken[0] = forText;
                forText = null;
                return true;
            }
        });
        return taken[0];
    }

    private void await(boolean nonBlocking, CancelToken cancel, BooleanSupplier condition) {
        if (!nonBlocking) {
            changed.await(cancel, condition);
        } else if (!condition.getAsBoolean()) {
            throw new KernelException(Errno.EAGAIN, "the card is still computing");
        }
    }
}
