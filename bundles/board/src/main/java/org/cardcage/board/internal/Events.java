package org.cardcage.board.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.cardcage.machine.Lane;
import org.cardcage.machine.MachineListener;
import org.cardcage.machine.Scheduler;

/** Tells listeners what happens, one after the other on a lane of their own. Threads: any. */
public final class Events {

    private final CopyOnWriteArrayList<MachineListener> listeners = new CopyOnWriteArrayList<>();
    private final Lane lane;
    private volatile boolean closed;

    public Events(Scheduler scheduler, String machine) {
        lane = scheduler.lane(machine + "-events");
    }

    public void add(MachineListener listener) {
        listeners.addIfAbsent(listener);
    }

    public void remove(MachineListener listener) {
        listeners.remove(listener);
    }

    /** Posts an event to those who listen now and still do when it is their turn; to nobody once closed. */
    public void post(Consumer<MachineListener> event) {
        for (MachineListener listener : List.copyOf(listeners)) {
            try {
                lane.execute(() -> {
                    if (listeners.contains(listener)) {
                        event.accept(listener);
                    }
                });
            } catch (RejectedExecutionException refused) {
                if (!closed) {
                    throw refused;
                }
            }
        }
    }

    /** Events are not told any more, but for those that have been posted. */
    public void close() {
        closed = true;
        lane.close();
    }
}
