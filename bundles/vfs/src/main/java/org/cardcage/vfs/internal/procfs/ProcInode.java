package org.cardcage.vfs.internal.procfs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kernel.proc.ProcEntry;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.DirectoryEntry;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.internal.Inode;
import org.cardcage.vfs.internal.ProcOpenFile;
import org.cardcage.vfs.internal.RegularFile;

/** An entry of {@code /proc} or a directory on the way to one. It has no state; the kernel is asked at each call. */
final class ProcInode extends Inode {

    private final ProcFs fs;
    private final String path;
    private final boolean entry;

    /**
     * @param path relative to {@code /proc}; empty for the root
     * @param entry whether it is a file
     */
    ProcInode(ProcFs fs, String path, boolean entry) {
        super(fs);
        this.fs = fs;
        this.path = path;
        this.entry = entry;
    }

    @Override
    public FileType type() {
        return entry ? FileType.REGULAR : FileType.DIRECTORY;
    }

    @Override
    public FileStatus status() {
        Optional<ProcEntry> found = fs.kernel().proc().find(path);
        int permissions = entry ? found.map(ProcEntry::mode).orElse(0) : 0555;
        long size = found.filter(ProcEntry.Bytes.class::isInstance)
                .map(bytes -> ((ProcEntry.Bytes) bytes).file().size())
                .orElse(0L);
        int links = entry
                ? 1
                : 2
                        + (int) children().values().stream()
                                .filter(isEntry -> !isEntry)
                                .count();
        return new FileStatus(fs.inode(path), fs.device(), type(), permissions, links, 0, 0, size, 0, 0, fs.mounted());
    }

    /** The names below this directory, and whether each is a file. */
    private Map<String, Boolean> children() {
        String prefix = path.isEmpty() ? "" : path + "/";
        Map<String, Boolean> children = new TreeMap<>();
        for (String candidate : fs.kernel().proc().paths()) {
            if (candidate.startsWith(prefix)) {
                String rest = candidate.substring(prefix.length());
                int slash = rest.indexOf('/');
                children.put(slash < 0 ? rest : rest.substring(0, slash), slash < 0);
            }
        }
        return children;
    }

    private ProcInode child(String name, boolean isEntry) {
        return new ProcInode(fs, path.isEmpty() ? name : path + "/" + name, isEntry);
    }

    @Override
    public Optional<Inode> lookup(String name) {
        return Optional.ofNullable(children().get(name)).map(isEntry -> child(name, isEntry));
    }

    @Override
    public List<DirectoryEntry> list() {
        return children().entrySet().stream()
                .map(e -> entryOf(e.getKey(), child(e.getKey(), e.getValue())))
                .toList();
    }

    private DirectoryEntry entryOf(String name, ProcInode inode) {
        return new DirectoryEntry(name, inode.type(), fs.inode(inode.path));
    }

    @Override
    public OpenFile open(Set<OpenFlag> flags) {
        ProcEntry found = fs.kernel().proc().find(path).orElseThrow(() -> new KernelException(Errno.ENOENT));
        if (found instanceof ProcEntry.Bytes bytes) {
            return new ProcOpenFile(fs.kernel(), this, flags, "/proc/" + path, bytes.file());
        }
        return new RegularFile(fs.kernel(), this, flags, new ProcContent(text((ProcEntry.Text) found)));
    }

    private String text(ProcEntry.Text found) {
        try {
            return found.text().get();
        } catch (KernelException e) {
            throw e;
        } catch (Throwable t) { // a fault of foreign code is contained
            fs.kernel().oops(new KernelModule("vfs"), "open of /proc/" + path, t);
            throw new KernelException(Errno.EIO, "/proc/" + path + " could not be made", t);
        }
    }

    @Override
    public Inode create(String name, int mode, Credentials who) {
        throw notHere(name);
    }

    @Override
    public void mkdir(String name, int mode, Credentials who) {
        throw notHere(name);
    }

    /** What Linux answers, whose proc has no names but its own. */
    private static KernelException notHere(String name) {
        return new KernelException(Errno.ENOENT, name + " cannot be made in /proc");
    }
}
