package org.cardcage.kernel.irq;

import org.cardcage.machine.Lane;
import org.cardcage.machine.Scheduler;

/**
 * How an interrupt reaches the thread that runs its handlers: one lane for each virtual CPU, which parks while there is
 * nothing to do. The one place to change if another way shall be tried.
 */
final class IrqDelivery implements AutoCloseable {

    private final Lane[] cpus;

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
        cpus[cpu].execute(handling);
    }

    @Override
    public void close() {
        for (Lane cpu : cpus) {
            cpu.close();
        }
    }
}
