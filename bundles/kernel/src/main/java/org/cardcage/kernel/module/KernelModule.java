package org.cardcage.kernel.module;

import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/**
 * A loaded module as the kernel sees it (Linux {@code struct module}): its name and how many users keep it.
 *
 * <p>Threads: any. {@code this} guards the fields, so that a user cannot slip in between the check and the end of {@link
 * #beginUnload}.
 */
public final class KernelModule {

    /** Where a module is in its life; the words of {@code /proc/modules}. */
    public enum State {
        COMING("Loading"),
        LIVE("Live"),
        GOING("Unloading");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** The word in {@code /proc/modules}. */
        public String text() {
            return text;
        }
    }

    private final String name;
    private State state = State.COMING;
    private int users;
    private boolean tainted;

    public KernelModule(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    public synchronized State state() {
        return state;
    }

    /** Number of users (Linux {@code module_refcount}). */
    public synchronized int users() {
        return users;
    }

    /** Initialisation has succeeded. */
    public synchronized void live() {
        state = State.LIVE;
    }

    /**
     * Becomes a user (Linux {@code try_module_get}).
     *
     * @return false if the module is about to go, in which case it must not be used
     */
    public synchronized boolean tryGet() {
        if (state == State.GOING) {
            return false;
        }
        users++;
        return true;
    }

    /** Ends one use (Linux {@code module_put}). */
    public synchronized void put() {
        if (users == 0) {
            throw new IllegalStateException("module " + name + " has no users");
        }
        users--;
    }

    /** Code of this module has failed in a way that Linux calls an oops. */
    public synchronized void taint() {
        tainted = true;
    }

    public synchronized boolean isTainted() {
        return tainted;
    }

    /**
     * Refuses further users from now on.
     *
     * @param force whether present users are of no matter
     * @throws KernelException EAGAIN if there are users and it is not forced, EBUSY if the module is going already
     */
    public synchronized void beginUnload(boolean force) {
        if (state == State.GOING) {
            throw new KernelException(Errno.EBUSY, "Module " + name + " is being unloaded");
        }
        if (users > 0 && !force) {
            throw new KernelException(Errno.EAGAIN, "Module " + name + " is in use");
        }
        state = State.GOING;
    }

    @Override
    public String toString() {
        return name;
    }
}
