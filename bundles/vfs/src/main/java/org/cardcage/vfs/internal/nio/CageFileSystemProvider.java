package org.cardcage.vfs.internal.nio;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.NotLinkException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.DirectoryEntry;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.SystemCalls;

/**
 * What {@code Files} calls for paths of one tree. The provider belongs to its file system and is not in the list of those
 * installed in the JVM; there stands a delegating one, see {@link ProviderPlug}.
 *
 * <p>Threads: any; it has no state.
 */
public final class CageFileSystemProvider extends FileSystemProvider {

    private final CageFileSystem fileSystem;

    CageFileSystemProvider(CageFileSystem fileSystem) {
        this.fileSystem = fileSystem;
    }

    @Override
    public String getScheme() {
        return "cage";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
        throw new FileSystemAlreadyExistsException("the tree of this kernel is there already");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return fileSystem;
    }

    @Override
    public Path getPath(URI uri) {
        if (!getScheme().equalsIgnoreCase(uri.getScheme())
                || uri.getPath() == null
                || uri.getPath().isEmpty()) {
            throw new IllegalArgumentException("not of the form cage:///path: " + uri);
        }
        return fileSystem.getPath(uri.getPath());
    }

    private SystemCalls calls() {
        return fileSystem.calls();
    }

    private CagePath own(Path path) {
        if (path instanceof CagePath own && own.getFileSystem() == fileSystem) {
            return own;
        }
        throw new ProviderMismatchException(path + " is no path of this tree");
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        CagePath own = own(path);
        OpenOptions open = OpenOptions.of(options);
        int mode = CreationMode.ofFile(attributes);
        String text = own.absoluteText();
        OpenFile file = NioErrors.call(own, null, () -> calls().open(CageFileSystem.WHO, text, open.flags(), mode));
        Runnable afterClose = open.deleteOnClose() ? () -> unlinkIfPresent(text) : () -> {};
        return new CageFileChannel(fileSystem, file, own.toString(), open.flags(), afterClose);
    }

    private void unlinkIfPresent(String path) {
        try {
            calls().unlink(CageFileSystem.WHO, path);
        } catch (KernelException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    @Override
    public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
        Set<OpenOption> reading = new HashSet<>(List.of(options));
        if (reading.contains(StandardOpenOption.APPEND) || reading.contains(StandardOpenOption.WRITE)) {
            throw new UnsupportedOperationException("a stream to read cannot be opened to write");
        }
        return new CageInputStream(newFileChannel(path, reading));
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        CagePath own = own(path);
        List<DirectoryEntry> entries =
                NioErrors.call(own, null, () -> calls().readdir(CageFileSystem.WHO, own.absoluteText()));
        return new CageDirectoryStream(
                own, entries.stream().map(DirectoryEntry::name).toList(), filter);
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        CagePath own = own(path);
        int mode = CreationMode.ofDirectory(attributes);
        NioErrors.run(own, null, () -> calls().mkdir(CageFileSystem.WHO, own.absoluteText(), mode));
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) throws IOException {
        CagePath own = own(link);
        CreationMode.ofFile(attributes);
        NioErrors.run(own, null, () -> calls().symlink(CageFileSystem.WHO, target.toString(), own.absoluteText()));
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        CagePath own = own(link);
        try {
            return fileSystem.getPath(calls().readlink(CageFileSystem.WHO, own.absoluteText()));
        } catch (KernelException e) {
            if (e.errno() == Errno.EINVAL) {
                IOException noLink = new NotLinkException(own.toString());
                noLink.initCause(e);
                throw noLink;
            }
            throw NioErrors.translate(e, own, null);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        CagePath own = own(path);
        String text = own.absoluteText();
        NioErrors.run(own, null, () -> {
            if (calls().lstat(CageFileSystem.WHO, text).isDirectory()) {
                calls().rmdir(CageFileSystem.WHO, text);
            } else {
                calls().unlink(CageFileSystem.WHO, text);
            }
        });
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        new CopyMove(own(source), own(target), options).copy();
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        new CopyMove(own(source), own(target), options).move();
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        if (path.equals(other)) {
            return true;
        }
        if (!(other instanceof CagePath o) || o.getFileSystem() != fileSystem) {
            return false;
        }
        Object key = new CageAttributes(fileSystem.status(own(path))).fileKey();
        return key.equals(new CageAttributes(fileSystem.status(o)).fileKey());
    }

    @Override
    public boolean isHidden(Path path) {
        Path name = own(path).getFileName();
        return name != null && name.toString().startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        fileSystem.status(own(path));
        return fileSystem.store();
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        CagePath own = own(path);
        int mask = 0;
        for (AccessMode mode : modes) {
            mask |= switch (mode) {
                case READ -> 4;
                case WRITE -> 2;
                case EXECUTE -> 1;
            };
        }
        int asked = mask;
        NioErrors.run(own, null, () -> calls().access(CageFileSystem.WHO, own.absoluteText(), asked));
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        CagePath own = own(path);
        if (type == BasicFileAttributeView.class) {
            return type.cast(new CageAttributeView(own, "basic", options));
        } else if (type == PosixFileAttributeView.class) {
            return type.cast(new CageAttributeView(own, "posix", options));
        } else if (type == FileOwnerAttributeView.class) {
            return type.cast(new CageAttributeView(own, "owner", options));
        }
        return null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        if (type != BasicFileAttributes.class && type != PosixFileAttributes.class) {
            throw new UnsupportedOperationException("attributes of " + type);
        }
        return type.cast(new CageAttributes(fileSystem.status(own(path), options)));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return NamedAttributes.read(own(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        NamedAttributes.set(own(path), attribute, value, options);
    }
}
