package org.cardcage.vfs.internal;

import org.cardcage.kernel.Kernel;
import org.cardcage.vfs.DirectoryListener;

/** Keeps the faults of a listener from whoever changes the directory, perhaps in the middle of a removal. */
record GuardedListener(Kernel kernel, DirectoryListener listener) implements DirectoryListener {

    @Override
    public void added(String name) {
        guarded(() -> listener.added(name));
    }

    @Override
    public void removed(String name) {
        guarded(() -> listener.removed(name));
    }

    @Override
    public void directoryRemoved() {
        guarded(listener::directoryRemoved);
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable fault) { // of foreign code, which is contained
            kernel.logger("vfs").error("a listener of a directory has failed", fault);
        }
    }
}
