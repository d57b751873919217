package org.cardcage.vfs.internal.sysfs;

import java.util.concurrent.atomic.AtomicBoolean;
import org.cardcage.kernel.kobject.KObject;
import org.cardcage.kernel.kobject.KObjects;
import org.cardcage.vfs.DirectoryListener;

/** Passes on what happens in one directory, until that goes. Threads: any. */
final class SysWatch implements KObjects.Listener {

    private final KObject directory;
    private final DirectoryListener listener;
    private final AtomicBoolean over = new AtomicBoolean();

    SysWatch(KObject directory, DirectoryListener listener) {
        this.directory = directory;
        this.listener = listener;
    }

    @Override
    public void added(KObject where, String name) {
        if (where == directory) {
            listener.added(name);
        }
    }

    @Override
    public void removed(KObject where, String name) {
        if (where == directory && !directory.isRemoved()) {
            listener.removed(name);
        } else {
            endIfGone();
        }
    }

    /** Says once that the directory has gone, if it has. */
    void endIfGone() {
        if (directory.isRemoved() && over.compareAndSet(false, true)) {
            listener.directoryRemoved();
        }
    }
}
