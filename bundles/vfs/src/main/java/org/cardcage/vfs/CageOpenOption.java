package org.cardcage.vfs;

import java.nio.file.OpenOption;

/** Options of opening that {@code java.nio.file} does not have. */
public enum CageOpenOption implements OpenOption {
    /**
     * O_NONBLOCK: a read or write that would have to sleep throws a {@link java.nio.file.FileSystemException} whose cause has
     * EAGAIN.
     */
    NONBLOCK
}
