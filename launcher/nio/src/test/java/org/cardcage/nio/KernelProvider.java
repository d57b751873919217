package org.cardcage.nio;

import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;

/** A kernel's own provider as far as the delegating one sees it: it makes paths, everything else is not asked. */
final class KernelProvider extends FileSystemProvider {
    private final StubFileSystem fileSystem;

    KernelProvider(String name) {
        this.fileSystem = new StubFileSystem(this, name);
    }

    FileSystem fileSystem() {
        return fileSystem;
    }

    @Override
    public String getScheme() {
        return "cage";
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return fileSystem;
    }

    @Override
    public Path getPath(URI uri) {
        return fileSystem.getPath(uri.getPath());
    }

    @Override
    public boolean isHidden(Path path) {
        return true;
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
        throw new AssertionError();
    }

    @Override
    public SeekableByteChannel newByteChannel(Path p, Set<? extends OpenOption> o, FileAttribute<?>... a) {
        throw new AssertionError();
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path p, DirectoryStream.Filter<? super Path> f) {
        throw new AssertionError();
    }

    @Override
    public void createDirectory(Path p, FileAttribute<?>... a) {
        throw new AssertionError();
    }

    @Override
    public void delete(Path p) {
        throw new AssertionError();
    }

    @Override
    public void copy(Path p, Path q, CopyOption... o) {
        throw new AssertionError();
    }

    @Override
    public void move(Path p, Path q, CopyOption... o) {
        throw new AssertionError();
    }

    @Override
    public boolean isSameFile(Path p, Path q) {
        throw new AssertionError();
    }

    @Override
    public FileStore getFileStore(Path p) {
        throw new AssertionError();
    }

    @Override
    public void checkAccess(Path p, AccessMode... m) {
        throw new AssertionError();
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path p, Class<V> t, LinkOption... o) {
        throw new AssertionError();
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path p, Class<A> t, LinkOption... o) {
        throw new AssertionError();
    }

    @Override
    public Map<String, Object> readAttributes(Path p, String a, LinkOption... o) {
        throw new AssertionError();
    }

    @Override
    public void setAttribute(Path p, String a, Object v, LinkOption... o) {
        throw new AssertionError();
    }
}
