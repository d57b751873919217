package org.cardcage.vfs;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardcage.kernel.WaitQueue;

/**
 * Where a driver says what its readiness depends on (Linux {@code struct poll_table}). Closed by whoever polls, never by the
 * driver.
 *
 * <p>Threads: any.
 */
public final class PollTable implements AutoCloseable {

    private final Runnable changed;
    private final List<Runnable> watches = new CopyOnWriteArrayList<>();

    /**
     * @param changed called when the readiness may have changed, on the thread that has changed it, perhaps an interrupt's: it
     *     must be quick and must not wait
     */
    public PollTable(Runnable changed) {
        this.changed = changed;
    }

    /**
     * A wake-up of {@code queue} may change the readiness (Linux {@code poll_wait}). To be called before the state is looked
     * at; it does not wait.
     */
    public void watch(WaitQueue queue) {
        watches.add(queue.listen(changed));
    }

    /** Nothing is told any more, but for what is under way. */
    @Override
    public void close() {
        watches.forEach(Runnable::run);
        watches.clear();
    }
}
