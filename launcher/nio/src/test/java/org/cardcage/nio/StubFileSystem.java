package org.cardcage.nio;

import java.lang.reflect.Proxy;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;

/** Makes paths that know where they come from and print as {@code NAME:/path}. */
final class StubFileSystem extends FileSystem {
    private final FileSystemProvider provider;
    private final String name;

    StubFileSystem(FileSystemProvider provider, String name) {
        this.provider = provider;
        this.name = name;
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public Path getPath(String first, String... more) {
        return (Path) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Path.class},
                (path, method, arguments) -> method.getName().equals("getFileSystem") ? this : name + ":" + first);
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public void close() {
        throw new AssertionError();
    }

    @Override
    public String getSeparator() {
        throw new AssertionError();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        throw new AssertionError();
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        throw new AssertionError();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        throw new AssertionError();
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
        throw new AssertionError();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new AssertionError();
    }

    @Override
    public WatchService newWatchService() {
        throw new AssertionError();
    }
}
