package org.cardcage.vfs.internal;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.cardcage.kernel.Kernel;
import org.cardcage.machine.Lane;
import org.cardcage.vfs.PollEvent;

/**
 * Those who want to hear of an open file: who polls it, and the handler of its events.
 *
 * <p>Threads: any. {@code this} guards the fields; nobody is called under it. The handler runs on a lane of its own, which it has
 * only while there is one.
 */
final class Watchers {

    private final Kernel kernel;
    /** Null until somebody watches: most files are never watched. */
    private Set<Runnable> polling;

    private Lane lane;
    private Consumer<PollEvent> handler;

    Watchers(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Tells {@code changed} from now on, until the answer is run. */
    Runnable add(Runnable changed) {
        Runnable mine = changed::run; // one may watch several times
        Set<Runnable> all;
        synchronized (this) {
            if (polling == null) {
                polling = ConcurrentHashMap.newKeySet();
            }
            all = polling;
        }
        all.add(mine);
        return () -> all.remove(mine);
    }

    /** What can be done with the file may have changed. */
    void changed() {
        Set<Runnable> all;
        synchronized (this) {
            all = polling == null ? Set.of() : polling;
        }
        all.forEach(Runnable::run);
    }

    /** A new handler; whether there was one before. */
    boolean setHandler(Optional<Consumer<PollEvent>> next) {
        boolean before;
        synchronized (this) {
            before = handler != null;
            handler = next.orElse(null);
            if (handler == null) {
                endLane();
            } else if (lane == null) {
                lane = kernel.scheduler().rareLane("sigio");
            }
        }
        return before;
    }

    /** Has the handler told, if there is one. */
    synchronized void signal(PollEvent event) {
        if (handler != null) {
            Consumer<PollEvent> told = handler;
            lane.execute(() -> told.accept(event));
        }
    }

    /** The file is closed: those who poll hear of it a last time, the handler of nothing more. Whether there was one. */
    boolean close() {
        boolean before = setHandler(Optional.empty());
        changed();
        return before;
    }

    /** Caller holds {@code this}. */
    private void endLane() {
        if (lane != null) {
            lane.close();
            lane = null;
        }
    }
}
