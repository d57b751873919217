package org.cardcage.vfs;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files of a device whose users want to be told when something can be read or written (Linux {@code struct fasync_struct}).
 * A driver keeps one per device, hands it what {@link FileOperations#fasync} is told, and calls {@link #kill}.
 *
 * <p>Threads: any, an interrupt handler may tell.
 */
public final class FasyncList {

    private final Set<OpenFile> files = ConcurrentHashMap.newKeySet();

    /** A file begins or ceases to be told (Linux {@code fasync_helper}). */
    public void set(OpenFile file, boolean on) {
        if (on) {
            files.add(file);
        } else {
            files.remove(file);
        }
    }

    /** Tells all (Linux {@code kill_fasync}); their handlers run on threads of their own. */
    public void kill(PollEvent event) {
        files.forEach(file -> file.signal(event));
    }
}
