package org.cardcage.vfs.internal.nio;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.FileStatus;

/** Reads and changes what a status tells; it is the view of every kind. */
final class CageAttributeView implements PosixFileAttributeView {

    private static final int SPECIAL_BITS = 07000;

    private final CagePath path;
    private final String name;
    private final LinkOption[] options;

    /**
     * @param name of the view that was asked for
     */
    CageAttributeView(CagePath path, String name, LinkOption... options) {
        this.path = path;
        this.name = name;
        this.options = options;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CageAttributes readAttributes() throws IOException {
        return new CageAttributes(path.getFileSystem().status(path, options));
    }

    /** Keeps the time of the last change; there is no other. */
    @Override
    public void setTimes(FileTime modified, FileTime accessed, FileTime created) throws IOException {
        if (modified != null) {
            path.getFileSystem().utimes(path, modified.toInstant());
        }
    }

    @Override
    public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
        int special = readAttributes().status().permissions() & SPECIAL_BITS;
        setMode(special | CageAttributes.mode(permissions));
    }

    void setMode(int mode) throws IOException {
        path.getFileSystem().chmod(path, mode);
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
        return readAttributes().owner();
    }

    /** Only the owner that it has can be set, as when attributes are copied. */
    @Override
    public void setOwner(UserPrincipal owner) throws IOException {
        FileStatus status = readAttributes().status();
        requireSame(owner, status.uid());
    }

    /** Only the group that it has can be set, as when attributes are copied. */
    @Override
    public void setGroup(GroupPrincipal group) throws IOException {
        FileStatus status = readAttributes().status();
        requireSame(group, status.gid());
    }

    private void requireSame(UserPrincipal wanted, int present) throws FileSystemException {
        if (!(wanted instanceof CagePrincipal principal) || principal.id() != present) {
            FileSystemException refused =
                    new FileSystemException(path.toString(), null, "files of this tree do not change their owner");
            refused.initCause(new KernelException(Errno.EPERM));
            throw refused;
        }
    }
}
