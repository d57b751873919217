package org.cardcage.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CageFileSystemProviderTest {
    private static final URI ONLY = URI.create("cage:///");
    private static final URI NAMED = URI.create("cage://second/");

    private final FileSystemProvider cage = FileSystemProvider.installedProviders().stream()
            .filter(provider -> provider.getScheme().equals("cage"))
            .findFirst()
            .orElseThrow();
    private final KernelProvider first = new KernelProvider("first");
    private final KernelProvider second = new KernelProvider("second");

    @AfterEach
    void unplug() throws Exception {
        for (KernelProvider kernel : List.of(first, second)) {
            cage.newFileSystem(ONLY, Map.of("unplug", kernel));
            cage.newFileSystem(NAMED, Map.of("unplug", kernel));
        }
    }

    @Test
    void anUnpluggedKernelIsNotFound() {
        assertThatThrownBy(() -> Path.of(ONLY)).isInstanceOf(FileSystemNotFoundException.class);
        assertThatThrownBy(() -> FileSystems.getFileSystem(ONLY)).isInstanceOf(FileSystemNotFoundException.class);
    }

    @Test
    void pathsComeFromTheKernelThatIsPluggedIn() throws Exception {
        FileSystem plugged = cage.newFileSystem(ONLY, Map.of("provider", first));

        assertThat(plugged).isSameAs(first.fileSystem());
        assertThat(FileSystems.getFileSystem(ONLY)).isSameAs(plugged);
        assertThat(Path.of(URI.create("cage:///dev/edu0"))).hasToString("first:/dev/edu0");
        assertThat(Files.isHidden(Path.of(ONLY))).isTrue();
    }

    @Test
    void aNamedKernelIsAnother() throws Exception {
        cage.newFileSystem(ONLY, Map.of("provider", first));
        cage.newFileSystem(NAMED, Map.of("provider", second));

        assertThat(Path.of(URI.create("cage:///proc"))).hasToString("first:/proc");
        assertThat(Path.of(URI.create("cage://second/proc"))).hasToString("second:/proc");
        assertThatThrownBy(() -> Path.of(URI.create("cage://third/proc")))
                .isInstanceOf(FileSystemNotFoundException.class);
    }

    @Test
    void aPlaceIsTakenOnlyOnce() throws Exception {
        cage.newFileSystem(ONLY, Map.of("provider", first));

        assertThatThrownBy(() -> cage.newFileSystem(ONLY, Map.of("provider", second)))
                .isInstanceOf(FileSystemAlreadyExistsException.class);
        assertThat(Path.of(ONLY)).hasToString("first:/");
    }

    @Test
    void unpluggingTakesOutOnlyTheOneThatIsNamed() throws Exception {
        cage.newFileSystem(ONLY, Map.of("provider", first));
        cage.newFileSystem(ONLY, Map.of("unplug", first));
        cage.newFileSystem(ONLY, Map.of("provider", second));

        cage.newFileSystem(ONLY, Map.of("unplug", first));

        assertThat(Path.of(ONLY)).hasToString("second:/");
    }

    @Test
    void ofManyAtOnceOneIsPluggedIn() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<FileSystem> plug = () -> cage.newFileSystem(ONLY, Map.of("provider", new KernelProvider("many")));
            int won = 0;
            for (Future<FileSystem> attempt : threads.invokeAll(List.of(plug, plug, plug, plug))) {
                try {
                    attempt.get();
                    won++;
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(FileSystemAlreadyExistsException.class);
                }
            }
            assertThat(won).isOne();
        } finally {
            threads.shutdownNow();
            FileSystemProvider winner = Path.of(ONLY).getFileSystem().provider();
            cage.newFileSystem(ONLY, Map.of("unplug", winner));
        }
    }

    @Test
    void whatIsNeitherPlugNorUnplugIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> cage.newFileSystem(ONLY, Map.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cage.newFileSystem(ONLY, Map.of("provider", "not a provider")));
        assertThatIllegalArgumentException().isThrownBy(() -> cage.getPath(URI.create("cage:dev")));
        assertThatIllegalArgumentException().isThrownBy(() -> cage.getPath(URI.create("file:///dev")));
    }

    @Test
    void aPathIsNeverOurs() {
        assertThatThrownBy(() -> cage.isHidden(Path.of("x"))).isInstanceOf(ProviderMismatchException.class);
    }
}
