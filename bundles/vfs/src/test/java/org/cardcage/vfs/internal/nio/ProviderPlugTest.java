package org.cardcage.vfs.internal.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import org.cardcage.kernel.Kernel;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.vfs.Vfs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With the launcher's delegating provider on the class path, as in a running system. */
class ProviderPlugTest {

    private static final URI NULL = URI.create("cage:///dev/null");

    private final List<String> log = new ArrayList<>();
    private Kernel kernel;
    private Vfs vfs;
    private FileSystem fileSystem;

    @BeforeEach
    void kernel() {
        kernel = new Kernel(new KernelLog(), new SteppedScheduler());
        vfs = new Vfs(kernel);
        fileSystem = vfs.fileSystem();
    }

    @AfterEach
    void end() {
        vfs.close();
        kernel.close();
    }

    private ProviderPlug plug() {
        return new ProviderPlug(FileSystemProvider.installedProviders(), fileSystem.provider(), log::add);
    }

    @Test
    void pluggedInThePathsAreKnownToTheWholeJvm() throws IOException {
        try (ProviderPlug plug = plug()) {
            assertThat(plug).isNotNull();
            Path path = Path.of(NULL);
            assertThat(path.getFileSystem()).isSameAs(fileSystem);
            assertThat(Files.readAllBytes(path)).isEmpty();
            assertThat(Path.of(path.toUri())).isEqualTo(path);
        }
        assertThatThrownBy(() -> Path.of(NULL)).isInstanceOf(FileSystemNotFoundException.class);
        assertThat(log).isEmpty();
    }

    @Test
    void aSecondKernelIsToldSoAndDoesNotUnplugTheFirst() {
        try (ProviderPlug first = plug()) {
            assertThat(first).isNotNull();
            plug().close();
            assertThat(log).singleElement().asString().contains("another kernel");
            assertThat(Path.of(NULL)).isNotNull();
        }
    }

    @Test
    void withoutADelegatingProviderNothingHappensButALine() {
        new ProviderPlug(List.of(), fileSystem.provider(), log::add).close();
        assertThat(log).singleElement().asString().contains("no provider for cage:///");
    }
}
