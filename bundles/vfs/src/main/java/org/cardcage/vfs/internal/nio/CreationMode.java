package org.cardcage.vfs.internal.nio;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.Set;

/** Permission bits of something that is made, with the umask 022. */
final class CreationMode {

    private static final int FILE = 0644;
    private static final int DIRECTORY = 0755;

    private CreationMode() {}

    static int ofFile(FileAttribute<?>... attributes) {
        return of(FILE, attributes);
    }

    static int ofDirectory(FileAttribute<?>... attributes) {
        return of(DIRECTORY, attributes);
    }

    private static int of(int usual, FileAttribute<?>... attributes) {
        int mode = usual;
        for (FileAttribute<?> attribute : attributes) {
            if (!attribute.name().equals("posix:permissions") || !(attribute.value() instanceof Set<?> permissions)) {
                throw new UnsupportedOperationException(attribute.name() + " cannot be set at once");
            }
            Set<PosixFilePermission> checked = new HashSet<>();
            permissions.forEach(permission -> checked.add((PosixFilePermission) permission));
            mode = CageAttributes.mode(checked);
        }
        return mode;
    }
}
