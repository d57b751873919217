package org.cardcage.vfs;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the host gives to a file tree. Where something is missing the tree has memory there, which is forgotten at the end.
 *
 * @param release names the folder below {@code /lib/modules}
 * @param state folder that keeps what is written to {@code /lib/modules}, {@code /etc} and {@code /root}; made if missing
 * @param modules folder with the modules that the system ships, shown in {@code /lib/modules/RELEASE}
 */
public record SystemFolders(String release, Optional<Path> state, Optional<Path> modules) {

    /** Nothing of the host: all in memory. */
    public static SystemFolders inMemory(String release) {
        return new SystemFolders(release, Optional.empty(), Optional.empty());
    }
}
