package org.cardcage.kernel.kobject;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The objects of a kernel as one tree, which {@code /sys} shows.
 *
 * <p>Threads: any.
 */
public final class KObjects {

    /** Hears of names that come and go; called on the thread that changes them, without a lock. */
    public interface Listener {
        /** A name has appeared in a directory. */
        void added(KObject directory, String name);

        /** A name has gone from a directory. */
        void removed(KObject directory, String name);
    }

    private final KObject root = new KObject(this, null, "");
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    private final Uevents uevents;

    /** @param faults told of what those throw who hear of events */
    public KObjects(Consumer<RuntimeException> faults) {
        uevents = new Uevents(faults);
    }

    /** Events about the objects. */
    public Uevents uevents() {
        return uevents;
    }

    /** {@code /sys} itself. */
    public KObject root() {
        return root;
    }

    /**
     * The directory with this path below {@code /sys}, as in {@code dev/char}; it and those above it are made if they are
     * missing.
     *
     * @throws org.cardcage.kernel.KernelException EEXIST if something else has one of the names
     */
    public KObject directory(String path) {
        KObject at = root;
        for (String name : path.split("/")) {
            at = at.addIfAbsent(name);
        }
        return at;
    }

    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    public void removeListener(Listener listener) {
        listeners.remove(listener);
    }

    void added(KObject directory, String name) {
        listeners.forEach(listener -> listener.added(directory, name));
    }

    void removed(KObject directory, String name) {
        listeners.forEach(listener -> listener.removed(directory, name));
    }
}
