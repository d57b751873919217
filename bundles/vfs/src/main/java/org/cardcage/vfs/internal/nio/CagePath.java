package org.cardcage.vfs.internal.nio;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/** A path of the tree: names, and whether it begins at the root. Immutable. */
final class CagePath implements Path {

    private final CageFileSystem fileSystem;
    private final boolean absolute;
    private final String[] names;
    private final String text;

    private CagePath(CageFileSystem fileSystem, boolean absolute, String[] names) {
        this.fileSystem = fileSystem;
        this.absolute = absolute;
        this.names = names;
        this.text = (absolute ? "/" : "") + String.join("/", names);
    }

    /** The path that {@code text} means; slashes in a row count as one, one at the end is dropped. */
    static CagePath of(CageFileSystem fileSystem, String text) {
        int zero = text.indexOf('\0');
        if (zero >= 0) {
            throw new InvalidPathException(text, "a zero byte", zero);
        }
        boolean absolute = text.startsWith("/");
        String[] names =
                Arrays.stream(text.split("/")).filter(name -> !name.isEmpty()).toArray(String[]::new);
        boolean empty = names.length == 0 && !absolute;
        return new CagePath(fileSystem, absolute, empty ? new String[] {""} : names);
    }

    private CagePath with(boolean isAbsolute, String[] newNames) {
        return new CagePath(fileSystem, isAbsolute, newNames);
    }

    /** The path as the system calls want it. */
    String absoluteText() {
        return toAbsolutePath().text;
    }

    @Override
    public CageFileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    private boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public CagePath getRoot() {
        return absolute ? with(true, new String[0]) : null;
    }

    @Override
    public CagePath getFileName() {
        return names.length == 0 ? null : with(false, new String[] {names[names.length - 1]});
    }

    @Override
    public CagePath getParent() {
        if (names.length == 0 || (names.length == 1 && !absolute)) {
            return null;
        }
        return with(absolute, Arrays.copyOf(names, names.length - 1));
    }

    @Override
    public int getNameCount() {
        return names.length;
    }

    @Override
    public CagePath getName(int index) {
        return subpath(index, index + 1);
    }

    @Override
    public CagePath subpath(int begin, int end) {
        if (begin < 0 || end > names.length || begin >= end) {
            throw new IllegalArgumentException(begin + " to " + end + " of " + names.length + " names");
        }
        return with(false, Arrays.copyOfRange(names, begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
        if (!(other instanceof CagePath o) || o.fileSystem != fileSystem || o.absolute != absolute) {
            return false;
        }
        if (o.isEmpty() || isEmpty()) {
            return o.isEmpty() && isEmpty();
        }
        return o.names.length <= names.length && Arrays.equals(names, 0, o.names.length, o.names, 0, o.names.length);
    }

    @Override
    public boolean endsWith(Path other) {
        if (!(other instanceof CagePath o) || o.fileSystem != fileSystem) {
            return false;
        }
        if (o.absolute) {
            return equals(o);
        }
        if (o.isEmpty() || isEmpty()) {
            return o.isEmpty() && isEmpty();
        }
        int from = names.length - o.names.length;
        return from >= 0 && Arrays.equals(names, from, names.length, o.names, 0, o.names.length);
    }

    /** As the text says: {@code a/..} vanishes even if {@code a} is a link. */
    @Override
    public CagePath normalize() {
        Deque<String> kept = new ArrayDeque<>();
        for (String name : names) {
            boolean up = name.equals("..");
            if (up && !kept.isEmpty() && !kept.getLast().equals("..")) {
                kept.removeLast();
            } else if (!name.equals(".") && !(up && absolute)) {
                kept.addLast(name);
            }
        }
        return kept.isEmpty() ? of(fileSystem, absolute ? "/" : "") : with(absolute, kept.toArray(String[]::new));
    }

    /** A path of another provider counts as its text, since Gogo makes its words into paths of the default one. */
    @Override
    public CagePath resolve(Path other) {
        CagePath o =
                other instanceof CagePath own && own.fileSystem == fileSystem ? own : of(fileSystem, other.toString());
        if (o.absolute || isEmpty()) {
            return o;
        }
        if (o.isEmpty()) {
            return this;
        }
        String[] joined = Arrays.copyOf(names, names.length + o.names.length);
        System.arraycopy(o.names, 0, joined, names.length, o.names.length);
        return with(absolute, joined);
    }

    @Override
    public CagePath relativize(Path other) {
        if (!(other instanceof CagePath o) || o.fileSystem != fileSystem) {
            throw new ProviderMismatchException(other + " is no path of this file system");
        }
        if (o.absolute != absolute) {
            throw new IllegalArgumentException("one of " + this + " and " + other + " is absolute, the other is not");
        }
        String[] mine = isEmpty() ? new String[0] : names;
        String[] theirs = o.isEmpty() ? new String[0] : o.names;
        int common = 0;
        while (common < mine.length && common < theirs.length && mine[common].equals(theirs[common])) {
            common++;
        }
        String up = "../".repeat(mine.length - common);
        return of(fileSystem, up + String.join("/", Arrays.copyOfRange(theirs, common, theirs.length)));
    }

    @Override
    public URI toUri() {
        String path = absoluteText();
        if (!path.endsWith("/") && fileSystem.isDirectory(this)) {
            path += "/";
        }
        try {
            return URI.create("cage://" + new URI(null, null, path, null).toASCIIString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(path + " makes no URI", e);
        }
    }

    @Override
    public CagePath toAbsolutePath() {
        return absolute ? this : of(fileSystem, "/" + text);
    }

    @Override
    public CagePath toRealPath(LinkOption... options) throws IOException {
        return fileSystem.realPath(this, options);
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
            throws IOException {
        if (watcher instanceof CageWatchService own) {
            return own.register(this, events);
        }
        throw new ProviderMismatchException(watcher + " watches no paths of this tree");
    }

    @Override
    public Iterator<Path> iterator() {
        return Arrays.stream(names)
                .map(name -> (Path) with(false, new String[] {name}))
                .iterator();
    }

    /** The names; none for the root. */
    List<String> names() {
        return List.of(names);
    }

    @Override
    public int compareTo(Path other) {
        return text.compareTo(((CagePath) other).text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CagePath o && o.fileSystem == fileSystem && o.text.equals(text);
    }

    @Override
    public int hashCode() {
        return Objects.hash(System.identityHashCode(fileSystem), text);
    }

    @Override
    public String toString() {
        return text;
    }
}
