package org.cardcage.kernel.irq;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.machine.Scheduler;

/**
 * How an interrupt reaches the thread that runs its handlers: by the thread of a {@link VirtualCpu}, which parks while there
 * is nothing to do. The one place to change if another way shall be tried.
 */
final class IrqDelivery implements AutoCloseable {

    private final List<VirtualCpu> cpus = new ArrayList<>();

    IrqDelivery(Scheduler scheduler, int count) {
        for (int cpu = 0; cpu < count; cpu++) {
            cpus.add(new VirtualCpu(scheduler, "irq/" + cpu));
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
