package org.cardcage.vfs.internal.nio;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;
import org.cardcage.vfs.CageOpenOption;
import org.cardcage.vfs.OpenFlag;

/**
 * What the options of {@code java.nio.file} mean as flags of a system call.
 *
 * @param flags to open with
 * @param deleteOnClose whether the name goes when the channel is closed
 */
record OpenOptions(Set<OpenFlag> flags, boolean deleteOnClose) {

    /**
     * @throws IllegalArgumentException for options that exclude each other
     * @throws UnsupportedOperationException for an option that nobody here knows
     */
    static OpenOptions of(Set<? extends OpenOption> options) {
        EnumSet<OpenFlag> flags = EnumSet.noneOf(OpenFlag.class);
        boolean append = options.contains(StandardOpenOption.APPEND);
        boolean write = append || options.contains(StandardOpenOption.WRITE);
        if (append && options.contains(StandardOpenOption.READ)) {
            throw new IllegalArgumentException("READ and APPEND exclude each other");
        }
        if (append && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
            throw new IllegalArgumentException("APPEND and TRUNCATE_EXISTING exclude each other");
        }
        if (write) {
            flags.add(OpenFlag.WRITE);
        }
        if (!write || options.contains(StandardOpenOption.READ)) {
            flags.add(OpenFlag.READ);
        }
        for (OpenOption option : options) {
            if (option == LinkOption.NOFOLLOW_LINKS) {
                flags.add(OpenFlag.NOFOLLOW);
            } else if (option == CageOpenOption.NONBLOCK) {
                flags.add(OpenFlag.NONBLOCK);
            } else if (option instanceof StandardOpenOption standard) {
                if (write) {
                    addWriting(standard, flags);
                }
            } else {
                throw new UnsupportedOperationException("open option " + option);
            }
        }
        return new OpenOptions(flags, options.contains(StandardOpenOption.DELETE_ON_CLOSE));
    }

    /** These count only if the file is written. */
    private static void addWriting(StandardOpenOption option, Set<OpenFlag> flags) {
        switch (option) {
            case APPEND -> flags.add(OpenFlag.APPEND);
            case TRUNCATE_EXISTING -> flags.add(OpenFlag.TRUNCATE);
            case CREATE -> flags.add(OpenFlag.CREATE);
            case CREATE_NEW -> {
                flags.add(OpenFlag.CREATE);
                flags.add(OpenFlag.EXCLUSIVE);
            }
            default -> {
                // SYNC, DSYNC and SPARSE promise nothing that does not hold here anyway
            }
        }
    }
}
