package org.cardcage.kernel.irq;

import java.util.concurrent.RejectedExecutionException;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Scheduler;

/**
 * How an interrupt reaches the thread that runs its handlers: one lane for each virtual CPU, which parks while there is
 * nothing to do. The one place to change if another way shall be tried.
 */
final class IrqDelivery implements AutoCloseable {

    private final Lane[] cpus;
    private volatile boolean ended;

    IrqDelivery(Scheduler scheduler, int count) {
        cpus = new Lane[count];
        for (int cpu = 0; cpu < count; cpu++) {
            cpus[cpu] = scheduler.lane("irq/" + cpu);
        }
    }

    int cpus() {
        return cpus.length;
    }

    /** Has {@code handling} run on the thread of {@code cpu}; called by whoever raised the interrupt. */
    void post(int cpu, Runnable handling) {
        if (!ended) {
            try {
                cpus[cpu].execute(handling);
            } catch (RejectedExecutionException e) {
                ended = true; // a device that interrupts a kernel that has ended must not be the one to suffer
            }
        }
    }

    @Override
    public void close() {
        ended = true;
        for (Lane cpu : cpus) {
            cpu.close();
        }
    }
}
