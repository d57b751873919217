package org.cardcage.vfs.internal.nio;

import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.SystemCalls;

/**
 * The tree of one kernel as NIO sees it; everything is done as root. Relative paths begin at the root.
 *
 * <p>Threads: any. {@code open} is volatile.
 */
public final class CageFileSystem extends FileSystem {

    static final Credentials WHO = Credentials.ROOT;

    private final SystemCalls calls;
    private final WriteErrors writeErrors = new WriteErrors();
    private final CageFileSystemProvider provider;
    private final FileLocks locks = new FileLocks();
    private final Set<CageWatchService> watchServices = ConcurrentHashMap.newKeySet();
    private final FileStore store = new CageFileStore();
    private volatile boolean open = true;

    public CageFileSystem(SystemCalls calls) {
        this.calls = calls;
        provider = new CageFileSystemProvider(this);
    }

    /** The system calls; ClosedFileSystemException once the tree is gone. */
    SystemCalls calls() {
        if (!open) {
            throw new ClosedFileSystemException();
        }
        return calls;
    }

    FileLocks locks() {
        return locks;
    }

    WriteErrors writeErrors() {
        return writeErrors;
    }

    /** The last write of the calling thread that failed, which is then forgotten. */
    public Optional<KernelException> takeWriteError() {
        return writeErrors.take();
    }

    @Override
    public CageFileSystemProvider provider() {
        return provider;
    }

    /** Only the kernel closes its file system, see {@link #shutDown}. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("the tree of a kernel is closed with the kernel");
    }

    /** The tree is going: whatever is asked from now on is answered with ClosedFileSystemException. */
    public void shutDown() {
        open = false;
        watchServices.forEach(CageWatchService::close);
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(getPath("/"));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of(store);
    }

    FileStore store() {
        return store;
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return CageFileStore.VIEWS;
    }

    @Override
    public CagePath getPath(String first, String... more) {
        return CagePath.of(this, more.length == 0 ? first : join(first, more));
    }

    private static String join(String first, String... more) {
        StringBuilder text = new StringBuilder(first);
        for (String part : more) {
            text.append(text.isEmpty() || part.isEmpty() ? "" : "/").append(part);
        }
        return text.toString();
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        int colon = syntaxAndPattern.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("no syntax: before the pattern " + syntaxAndPattern);
        }
        String pattern = syntaxAndPattern.substring(colon + 1);
        Pattern compiled =
                switch (syntaxAndPattern.substring(0, colon).toLowerCase(Locale.ROOT)) {
                    case "glob" -> Glob.compile(pattern);
                    case "regex" -> Pattern.compile(pattern);
                    default -> throw new UnsupportedOperationException("neither glob nor regex: " + syntaxAndPattern);
                };
        return path -> compiled.matcher(path.toString()).matches();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        return CagePrincipal.LOOKUP;
    }

    @Override
    public WatchService newWatchService() {
        calls(); // or it is closed
        CageWatchService[] service = new CageWatchService[1];
        service[0] = new CageWatchService(() -> watchServices.remove(service[0]));
        watchServices.add(service[0]);
        return service[0];
    }

    static boolean followsLinks(LinkOption... options) {
        return !Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS);
    }

    FileStatus status(CagePath path, LinkOption... options) throws IOException {
        String text = path.absoluteText();
        return NioErrors.call(
                path, null, () -> followsLinks(options) ? calls().stat(WHO, text) : calls().lstat(WHO, text));
    }

    boolean isDirectory(CagePath path) {
        try {
            return calls().stat(WHO, path.absoluteText()).isDirectory();
        } catch (KernelException e) {
            return false;
        }
    }

    CagePath realPath(CagePath path, LinkOption... options) throws IOException {
        if (!followsLinks(options)) {
            status(path, options);
            return path.toAbsolutePath().normalize();
        }
        return NioErrors.call(path, null, () -> getPath(calls().realpath(WHO, path.absoluteText())));
    }

    void chmod(CagePath path, int mode) throws IOException {
        NioErrors.run(path, null, () -> calls().chmod(WHO, path.absoluteText(), mode));
    }

    void utimes(CagePath path, Instant modified) throws IOException {
        NioErrors.run(path, null, () -> calls().utimes(WHO, path.absoluteText(), modified));
    }
}
