package org.cardcage.vfs.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.FileType;

/**
 * Finds the file that a path names (Linux {@code fs/namei.c}).
 *
 * <p>Threads: any; nothing is kept between walks.
 */
final class PathWalk {

    /** What to do with a symbolic link that is the last name. */
    enum LastLink {
        /** It is followed. */
        FOLLOW,
        /** It is what was asked for, unless a slash follows. */
        KEEP,
        /** The name itself is to be made or removed; the link is not followed in any case. */
        NAME
    }

    private static final int MAX_LINKS = 40;
    private static final int NAME_MAX = 255;
    private static final int PATH_MAX = 4096;
    private static final int MAX_UTF8 = 3;

    /** A name still to be walked; {@code ..} does not lead above {@code floor} unless that is null. */
    private record Step(String name, Place floor) {}

    private final MountTable mounts;

    PathWalk(MountTable mounts) {
        this.mounts = mounts;
    }

    /**
     * @param path absolute; one that is not begins at the root all the same
     * @throws KernelException ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, EACCES; a missing last name is no error
     */
    Found walk(Credentials who, String path, LastLink lastLink) {
        checkPath(path);
        ArrayDeque<Step> todo = new ArrayDeque<>();
        push(todo, path, null);
        String last = todo.isEmpty() ? "" : todo.getLast().name();
        boolean slash = path.endsWith("/");
        int links = 0;
        Place at = mounts.root();
        while (!todo.isEmpty()) {
            Step step = todo.pop();
            requireSearch(who, at, path);
            if (step.name().equals(".")) {
                continue;
            }
            if (step.name().equals("..")) {
                at = at.inode() == floorInode(step) ? at : at.above();
                continue;
            }
            Optional<Place> next = child(at, step.name());
            if (next.isEmpty()) {
                if (todo.isEmpty()) {
                    return new Found(at, step.name(), null, last, slash, path);
                }
                throw failure(Errno.ENOENT, path);
            }
            Place place = next.get();
            boolean follow = !todo.isEmpty() || lastLink == LastLink.FOLLOW || (lastLink == LastLink.KEEP && slash);
            if (place.inode().type() == FileType.SYMLINK && follow) {
                if (++links > MAX_LINKS) {
                    throw failure(Errno.ELOOP, path);
                }
                String target = place.inode().readlink();
                slash |= todo.isEmpty() && target.endsWith("/");
                boolean confined = place.inode().superBlock().confinesLinks();
                Place top = confined ? place.mountRoot() : mounts.root();
                push(todo, target, confined ? top : null);
                at = target.startsWith("/") ? top : at;
            } else {
                at = place;
            }
        }
        if (slash && !at.inode().isDirectory()) {
            throw failure(Errno.ENOTDIR, path);
        }
        return new Found(at.above(), at.name(), at, last, slash, path);
    }

    private static Inode floorInode(Step step) {
        return step.floor() == null ? null : step.floor().inode();
    }

    private Optional<Place> child(Place directory, String name) {
        checkName(name);
        String path = directory.pathOf(name);
        return directory.inode().lookup(name).map(inode -> directory.child(name, path, mounts.at(path, inode)));
    }

    private static void requireSearch(Credentials who, Place at, String path) {
        if (!at.inode().isDirectory()) {
            throw failure(Errno.ENOTDIR, path);
        }
        Permissions.require(who, at.inode(), Permissions.EXECUTE, at.path());
    }

    /** Puts the names of {@code text} before those still to be walked. */
    private static void push(ArrayDeque<Step> todo, String text, Place floor) {
        String[] names = text.split("/");
        for (int i = names.length - 1; i >= 0; i--) {
            if (!names[i].isEmpty()) {
                todo.push(new Step(names[i], floor));
            }
        }
    }

    private static void checkPath(String path) {
        if (path.isEmpty()) {
            throw new KernelException(Errno.ENOENT, "the path is empty");
        }
        if (path.indexOf('\0') >= 0) {
            throw new KernelException(Errno.EINVAL, "a path with a zero byte");
        }
        if (utf8Length(path, PATH_MAX - 1) > PATH_MAX - 1) {
            throw new KernelException(Errno.ENAMETOOLONG, "a path of more than " + (PATH_MAX - 1) + " bytes");
        }
    }

    private static void checkName(String name) {
        if (utf8Length(name, NAME_MAX) > NAME_MAX) {
            throw new KernelException(Errno.ENAMETOOLONG, "a name of more than " + NAME_MAX + " bytes");
        }
    }

    /** The length in bytes, or something not above {@code limit} for a text that is short enough in any case. */
    private static int utf8Length(String text, int limit) {
        return text.length() * MAX_UTF8 <= limit ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static KernelException failure(Errno errno, String path) {
        return new KernelException(errno, path + ": " + errno.text());
    }
}
