package org.cardcage.kernel.irq;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardcage.machine.Scheduler;

/**
 * How an interrupt reaches the thread that runs its handlers: by the thread of a {@link VirtualCpu}, which parks while there
 * is nothing to do. The one place to change if another way shall be tried.
 */
final class IrqDelivery implements AutoCloseable {

    private final Scheduler scheduler;
    private final List<VirtualCpu> cpus = new CopyOnWriteArrayList<>();

    IrqDelivery(Scheduler scheduler) {
        this.scheduler = scheduler;
        bringUp(1);
    }

    /** There are at least so many CPUs from now on. One caller at a time. */
    void bringUp(int count) {
        while (cpus.size() < count) {
            cpus.add(new VirtualCpu(scheduler, "irq/" + cpus.size()));
        }
    }

    int cpus() {
        return cpus.size();
    }

    /** Has the interrupt delivered on the thread of {@code cpu}; called by whoever raised it. */
    void post(int cpu, Interrupt interrupt) {
        cpus.get(cpu).post(interrupt);
    }

    @Override
    public void close() {
        cpus.forEach(VirtualCpu::close);
    }
}
