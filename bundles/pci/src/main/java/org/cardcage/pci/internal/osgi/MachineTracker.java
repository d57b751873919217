package org.cardcage.pci.internal.osgi;

import org.cardcage.machine.Machine;
import org.cardcage.pci.PciBus;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/** A Machine service is taken into use as long as it is there. */
final class MachineTracker extends ServiceTracker<Machine, Machine> {

    private final PciBus bus;

    MachineTracker(BundleContext context, PciBus bus) {
        super(context, Machine.class, null);
        this.bus = bus;
    }

    @Override
    public Machine addingService(ServiceReference<Machine> reference) {
        Machine machine = context.getService(reference);
        if (machine != null) {
            bus.addMachine(machine);
        }
        return machine;
    }

    @Override
    public void removedService(ServiceReference<Machine> reference, Machine machine) {
        bus.removeMachine(machine);
        context.ungetService(reference);
    }
}
