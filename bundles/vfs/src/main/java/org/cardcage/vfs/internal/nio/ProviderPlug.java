package org.cardcage.vfs.internal.nio;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes {@code cage:///} paths known to the whole JVM: NIO finds providers by the system class loader only, so the launcher
 * has a delegating one there, into which the provider of a kernel is plugged. The keys of that provider's environment are
 * {@code provider} and {@code unplug}.
 *
 * <p>Threads: one.
 */
public final class ProviderPlug implements AutoCloseable {

    private static final URI ONLY_KERNEL = URI.create("cage:///");

    private final FileSystemProvider provider;
    private final Consumer<String> log;
    private Optional<FileSystemProvider> socket = Optional.empty();

    /**
     * @param installed the providers of the JVM
     * @param provider that of the kernel
     * @param log told, in a line, why paths are not known to the JVM
     */
    public ProviderPlug(List<FileSystemProvider> installed, FileSystemProvider provider, Consumer<String> log) {
        this.provider = provider;
        this.log = log;
        Optional<FileSystemProvider> found =
                installed.stream().filter(p -> p.getScheme().equals("cage")).findFirst();
        if (found.isEmpty()) {
            log.accept("no provider for cage:/// in this JVM; use the FileSystem service");
        } else {
            plug(found.get());
        }
    }

    private void plug(FileSystemProvider found) {
        try {
            found.newFileSystem(ONLY_KERNEL, Map.of("provider", provider));
            socket = Optional.of(found);
        } catch (FileSystemAlreadyExistsException e) {
            log.accept("cage:/// belongs to another kernel; use the FileSystem service");
        } catch (IOException e) {
            log.accept("cage:/// cannot be plugged in: " + e);
        }
    }

    /** Takes the provider out again; nothing happens if it is not in. */
    @Override
    public void close() {
        socket.ifPresent(found -> {
            try {
                found.newFileSystem(ONLY_KERNEL, Map.of("unplug", provider));
            } catch (IOException e) {
                log.accept("cage:/// cannot be unplugged: " + e);
            }
        });
        socket = Optional.empty();
    }
}
