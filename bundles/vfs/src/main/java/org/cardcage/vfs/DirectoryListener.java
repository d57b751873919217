package org.cardcage.vfs;

/** Hears of names in a directory; called on the thread that changes them, so it must be quick and must not wait. */
public interface DirectoryListener {

    /** A name has appeared. */
    void added(String name);

    /** A name has gone. */
    void removed(String name);

    /** The directory itself has gone; nothing is told after that. */
    void directoryRemoved();
}
