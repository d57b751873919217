package org.cardcage.vfs.internal.hostfs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.DirectoryEntry;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.internal.Inode;
import org.cardcage.vfs.internal.RegularFile;

/**
 * A file of an overlay: where it is or would be in the upper folder, and what shows through from below.
 *
 * <p>Threads: any; immutable but for {@code known}, which is volatile. Changes are made under the monitor of the overlay.
 */
final class OverlayInode extends Inode {

    private final OverlayFs fs;
    private final OverlayInode parent;
    private final String name;
    private final HostFile upper;
    private final List<HostFile> lowers;
    private final FileType type;
    private volatile FileStatus known;

    /**
     * @param parent null for the root
     * @param lowers of a directory those that are merged, of another file the one that shows, or nothing if it is up
     */
    OverlayInode(
            OverlayFs fs, OverlayInode parent, String name, HostFile upper, List<HostFile> lowers, FileStatus status) {
        super(fs);
        this.fs = fs;
        this.parent = parent;
        this.name = name;
        this.upper = upper;
        this.lowers = lowers;
        this.type = status.type();
        this.known = status;
    }

    @Override
    public FileType type() {
        return type;
    }

    /** The present status; of a file whose name has gone the last that was known. */
    @Override
    public FileStatus status() {
        known = present().findStatus().map(fs::shown).orElse(known);
        return known;
    }

    private HostFile present() {
        return lowers.isEmpty() || upper.exists() ? upper : lowers.get(0);
    }

    @Override
    public Optional<Inode> lookup(String childName) {
        return find(childName).map(Inode.class::cast);
    }

    private Optional<OverlayInode> find(String childName) {
        if (childName.startsWith(OverlayFs.WHITEOUT)) {
            return Optional.empty();
        }
        HostFile up = upper.child(childName);
        Optional<FileStatus> upStatus = up.findStatus();
        if (upStatus.isPresent()) {
            boolean merge =
                    upStatus.get().isDirectory() && !up.child(OverlayFs.OPAQUE).exists();
            List<HostFile> below = merge ? mergedBelow(childName) : List.of();
            return Optional.of(new OverlayInode(fs, this, childName, up, below, fs.shown(upStatus.get())));
        }
        if (isWhiteout(childName)) {
            return Optional.empty();
        }
        return firstBelow(childName).map(low -> {
            List<HostFile> below = low.isDirectory() ? mergedBelow(childName) : List.of(low);
            return new OverlayInode(fs, this, childName, up, below, low.status());
        });
    }

    private boolean isWhiteout(String childName) {
        return whiteout(childName).exists();
    }

    private HostFile whiteout(String childName) {
        return upper.child(OverlayFs.WHITEOUT + childName);
    }

    private Optional<HostFile> firstBelow(String childName) {
        return lowers.stream()
                .map(l -> l.child(childName))
                .filter(HostFile::exists)
                .findFirst();
    }

    /** The folders with this name in the layers below, down to the first layer where it is something else. */
    private List<HostFile> mergedBelow(String childName) {
        List<HostFile> merged = new ArrayList<>();
        for (HostFile lower : lowers) {
            HostFile child = lower.child(childName);
            if (child.isDirectory()) {
                merged.add(child);
            } else if (child.exists()) {
                break;
            }
        }
        return merged;
    }

    @Override
    public List<DirectoryEntry> list() {
        List<DirectoryEntry> entries = new ArrayList<>();
        for (String childName : names()) {
            find(childName).ifPresent(c -> entries.add(new DirectoryEntry(childName, c.type, c.known.inode())));
        }
        return entries;
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        lowers.forEach(lower -> names.addAll(lower.names()));
        if (upper.exists()) {
            names.addAll(upper.names());
        }
        return names;
    }

    @Override
    public String readlink() {
        return present().readlink();
    }

    @Override
    public OpenFile open(Set<OpenFlag> flags) {
        if (flags.contains(OpenFlag.WRITE)) {
            copyUp();
        }
        return new RegularFile(fs.kernel(), this, flags, present().open(flags));
    }

    /** Makes sure that the file is in the upper folder. */
    private void copyUp() {
        synchronized (fs) {
            if (upper.exists()) {
                return;
            }
            if (parent != null) {
                parent.copyUp();
            }
            if (type == FileType.DIRECTORY) {
                upper.createDirectory(status().permissions());
            } else {
                HostFile copy = parent.upper.child(OverlayFs.COPY); // a reader never sees half a file
                copy.deleteIfExists();
                lowers.get(0).copyTo(copy);
                copy.moveTo(upper);
            }
            fs.copiedUp(lowers.get(0).status(), upper.status());
        }
    }

    @Override
    public Inode create(String childName, int mode, Credentials who) {
        synchronized (fs) {
            prepare(childName);
            upper.child(childName).createFile(mode);
            whiteout(childName).deleteIfExists();
            return find(childName).orElseThrow(() -> new KernelException(Errno.ENOENT, childName + " has gone again"));
        }
    }

    @Override
    public void mkdir(String childName, int mode, Credentials who) {
        synchronized (fs) {
            prepare(childName);
            HostFile made = upper.child(childName);
            made.createDirectory(mode);
            if (firstBelow(childName).isPresent()) {
                made.child(OverlayFs.OPAQUE).createFile(0600);
            }
            whiteout(childName).deleteIfExists();
        }
    }

    @Override
    public void symlink(String childName, String target, Credentials who) {
        synchronized (fs) {
            prepare(childName);
            upper.child(childName).createLink(target);
            whiteout(childName).deleteIfExists();
        }
    }

    /** The name must be free and this directory up. */
    private void prepare(String childName) {
        if (childName.startsWith(OverlayFs.WHITEOUT)) {
            throw new KernelException(Errno.EINVAL, childName + ": names with " + OverlayFs.WHITEOUT + " are reserved");
        }
        if (find(childName).isPresent()) {
            throw new KernelException(Errno.EEXIST, childName + ": File exists");
        }
        copyUp();
    }

    @Override
    public void unlink(String childName) {
        synchronized (fs) {
            OverlayInode child = require(childName);
            if (child.isDirectory()) {
                throw new KernelException(Errno.EISDIR, childName + ": Is a directory");
            }
            hide(childName);
            child.dropUpper();
        }
    }

    @Override
    public void rmdir(String childName) {
        synchronized (fs) {
            OverlayInode child = require(childName);
            if (!child.list().isEmpty()) {
                throw new KernelException(Errno.ENOTEMPTY, childName + ": Directory not empty");
            }
            hide(childName);
            child.dropUpper();
        }
    }

    private OverlayInode require(String childName) {
        return find(childName).orElseThrow(() -> new KernelException(Errno.ENOENT, childName));
    }

    /** Puts a whiteout where a layer below has the name. */
    private void hide(String childName) {
        if (firstBelow(childName).isPresent() && !isWhiteout(childName)) {
            copyUp();
            whiteout(childName).createFile(0600);
        }
    }

    /** Deletes what is up, of an empty directory the marks in it too. */
    private void dropUpper() {
        upper.findStatus().ifPresent(status -> {
            if (status.isDirectory()) {
                upper.names().forEach(mark -> upper.child(mark).delete());
            }
            upper.delete();
            fs.deleted(status);
        });
    }

    /** EXDEV for a directory of a layer below, so that the caller copies it (overlayfs without redirect_dir). */
    @Override
    public void rename(String childName, Inode toDirectory, String toName) {
        OverlayInode target = (OverlayInode) toDirectory;
        synchronized (fs) {
            OverlayInode moved = require(childName);
            if (moved.isDirectory() && !moved.lowers.isEmpty()) {
                throw new KernelException(Errno.EXDEV, childName + " belongs to a layer below and cannot be moved");
            }
            Optional<OverlayInode> replaced = target.find(toName);
            if (replaced.isPresent() && replaced.get().isDirectory()) {
                target.rmdir(toName);
            }
            moved.copyUp();
            target.copyUp();
            replaced.flatMap(r -> r.upper.findStatus()).ifPresent(fs::deleted);
            if (moved.isDirectory() && target.firstBelow(toName).isPresent()) {
                HostFile mark = moved.upper.child(OverlayFs.OPAQUE);
                if (!mark.exists()) {
                    mark.createFile(0600);
                }
            }
            moved.upper.moveTo(target.upper.child(toName));
            target.whiteout(toName).deleteIfExists();
            hide(childName);
        }
    }

    @Override
    public void chmod(int mode) {
        copyUp();
        upper.chmod(mode);
    }

    @Override
    public void utimes(Instant modified) {
        copyUp();
        upper.utimes(modified);
    }

    @Override
    public String toString() {
        return parent == null ? "overlay" : parent + "/" + name;
    }
}
