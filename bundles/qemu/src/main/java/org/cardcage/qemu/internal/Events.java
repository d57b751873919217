package org.cardcage.qemu.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.cardcage.machine.Lane;
import org.cardcage.machine.MachineListener;
import org.cardcage.machine.Scheduler;

/** Tells listeners what happens, one after the other on a lane of their own. Threads: any. */
final class Events implements AutoCloseable {

    private final CopyOnWriteArrayList<MachineListener> listeners = new CopyOnWriteArrayList<>();
    private final Lane lane;

    Events(Scheduler scheduler, String machine) {
        lane = scheduler.lane(machine + "-events");
    }

    void add(MachineListener listener) {
        listeners.addIfAbsent(listener);
    }

    void remove(MachineListener listener) {
        listeners.remove(listener);
    }

    /** Posts an event to those who listen now and still do when it is their turn. */
    void post(Consumer<MachineListener> event) {
        for (MachineListener listener : List.copyOf(listeners)) {
            try {
                lane.execute(() -> {
                    if (listeners.contains(listener)) {
                        event.accept(listener);
                    }
                });
            } catch (RejectedExecutionException e) {
                return; // the machine has been closed meanwhile
            }
        }
    }

    @Override
    public void close() {
        lane.close();
    }
}
