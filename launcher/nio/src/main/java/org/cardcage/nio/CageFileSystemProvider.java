package org.cardcage.nio;

import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * NIO finds providers by the system class loader only, and a kernel lives in a bundle. So this one stands on the
 * application's class path and knows, by the authority of the URI, the provider of each kernel: {@code cage:///} is the
 * only kernel, {@code cage://NAME/} one of several.
 *
 * <p>{@code newFileSystem(uri, Map.of("provider", real))} plugs a kernel in and
 * {@code newFileSystem(uri, Map.of("unplug", real))} takes it out again, if it is still that one. After that, URIs
 * of this kernel are answered with {@link FileSystemNotFoundException}.
 *
 * <p>Paths belong to the real provider: {@code Files} asks that one and never comes here with a path. May be called
 * from any thread; nothing blocks.
 */
public final class CageFileSystemProvider extends FileSystemProvider {
    private final ConcurrentMap<String, FileSystemProvider> kernels = new ConcurrentHashMap<>();

    @Override
    public String getScheme() {
        return "cage";
    }

    /** Plugs in or out, see above; the file system of the kernel that came, {@code null} for one that went. */
    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
        if (env.get("unplug") instanceof FileSystemProvider gone) {
            kernels.remove(kernel(uri), gone);
            return null;
        }
        if (!(env.get("provider") instanceof FileSystemProvider real)) {
            throw new IllegalArgumentException("'provider' or 'unplug' must be a FileSystemProvider");
        }
        if (kernels.putIfAbsent(kernel(uri), real) != null) {
            throw new FileSystemAlreadyExistsException(uri.toString());
        }
        return real.getFileSystem(uri);
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return real(uri).getFileSystem(uri);
    }

    @Override
    public Path getPath(URI uri) {
        return real(uri).getPath(uri);
    }

    private FileSystemProvider real(URI uri) {
        FileSystemProvider real = kernels.get(kernel(uri));
        if (real == null) {
            throw new FileSystemNotFoundException("no kernel at " + uri);
        }
        return real;
    }

    private static String kernel(URI uri) {
        if (!"cage".equalsIgnoreCase(uri.getScheme()) || uri.isOpaque()) {
            throw new IllegalArgumentException("not cage:///… or cage://NAME/…: " + uri);
        }
        return uri.getAuthority() == null ? "" : uri.getAuthority();
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) {
        throw foreign(path);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter) {
        throw foreign(folder);
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) {
        throw foreign(folder);
    }

    @Override
    public void delete(Path path) {
        throw foreign(path);
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw foreign(source);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) {
        throw foreign(source);
    }

    @Override
    public boolean isSameFile(Path path, Path other) {
        throw foreign(path);
    }

    @Override
    public boolean isHidden(Path path) {
        throw foreign(path);
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw foreign(path);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) {
        throw foreign(path);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        throw foreign(path);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options) {
        throw foreign(path);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw foreign(path);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw foreign(path);
    }

    private static ProviderMismatchException foreign(Path path) {
        return new ProviderMismatchException(
                "path of " + path.getFileSystem().provider().getClass().getName());
    }
}
