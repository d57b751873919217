package org.cardcage.kmod.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.device.Driver;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kmod.LoadedModule;
import org.cardcage.kmod.TestJar;
import org.cardcage.kmod.internal.TestCard.TestDriver;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.LiveScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A deployed driver hangs in its probe or its remove: the other files of the folder go on. */
class DeployHangTest {

    @TempDir
    Path folder;

    private final LiveScheduler scheduler = new LiveScheduler("test", (where, fault) -> {
        throw new AssertionError(where, fault);
    });
    private final Kernel kernel = new Kernel(new KernelLog(), scheduler);
    private final TestHost host = new TestHost();
    private final KmodService kmod = new KmodService(kernel, new TestFiles().calls(), host, "1.0");
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch leave = new CountDownLatch(1);
    private DeployFolder deploy;
    private long changes;

    @BeforeEach
    void watch() {
        deploy = kmod.deployFolder(folder);
        kernel.drivers().addDevice(new TestCard(kernel));
    }

    @AfterEach
    void stop() {
        leave.countDown();
        deploy.close();
        kernel.close();
        scheduler.close();
    }

    private void hang() {
        inside.countDown();
        try {
            leave.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void write(String name, byte[] content) throws IOException {
        Files.write(folder.resolve(name), content);
        Files.setLastModifiedTime(folder.resolve(name), FileTime.fromMillis(++changes));
        deploy.look(folder.resolve(name));
    }

    private void delete(String name) throws IOException {
        Files.delete(folder.resolve(name));
        deploy.look(folder.resolve(name));
    }

    private List<String> loaded() {
        return kmod.loaded().stream()
                .filter(module -> module.state() == KernelModule.State.LIVE)
                .map(LoadedModule::name)
                .toList();
    }

    private List<String> log() {
        return kernel.log().records().stream().map(LogRecord::text).toList();
    }

    /** The next module to start brings a driver along; stopping it takes that off without waiting, all in place of the bus. */
    private void hangingDriver(Runnable onProbe, Runnable onRemove) {
        host.onStart = () -> {
            host.onStart = () -> {};
            KernelModule module = kernel.modules().loaded().get(0);
            Driver driver = new TestDriver(module, onProbe, onRemove);
            kernel.modules().beginInit(module);
            kernel.drivers().addDriver(driver);
            scheduler.lane("bus").execute(() -> {
                kernel.drivers().awaitProbes(driver, new CancelToken());
                kernel.modules().endInit(module);
            });
        };
        host.onStop = () -> {
            host.onStop = () -> {};
            Driver driver = kernel.drivers().drivers().get(0);
            Thread bus = new Thread(() -> kernel.drivers().removeDriver(driver), "bus");
            bus.setDaemon(true);
            bus.start();
            await().until(() -> !kernel.drivers().drivers().contains(driver));
        };
    }

    @Test
    void anotherFileIsLoadedWhileAProbeHangs() throws Exception {
        hangingDriver(this::hang, () -> {});
        write("hung.jar", TestJar.module("hung").bytes());
        inside.await();
        write("other.jar", TestJar.module("other").bytes());
        await().until(() -> loaded().contains("other"));
        assertThat(loaded()).doesNotContain("hung");
    }

    @Test
    void theDeletionOfTheFileEndsALoadWhoseProbeHangs() throws Exception {
        hangingDriver(this::hang, () -> {});
        write("hung.jar", TestJar.module("hung").bytes());
        inside.await();
        delete("hung.jar");
        await().until(() -> host.calls.contains("stop"));
        leave.countDown();
        await().until(() -> kmod.loaded().isEmpty());
        assertThat(log()).noneMatch(line -> line.contains("refused"));
    }

    @Test
    void aSwapWaitsForADriverThatDoesNotLeaveAndIsMadeThen() throws Exception {
        hangingDriver(() -> {}, this::hang);
        write("hung.jar", TestJar.module("hung").bytes());
        await().until(() -> loaded().contains("hung"));
        assertThat(kernel.drivers().settle(scheduler.nanoTime() + 5_000_000_000L))
                .isTrue();

        write("hung.jar", TestJar.module("hung", "Bundle-Version: 2").bytes());

        await().until(() -> log().stream().anyMatch(line -> line.startsWith("deploy: hung.jar: refused: EBUSY")));
        assertThat(loaded()).isEmpty();
        leave.countDown();
        await().until(() -> loaded().contains("hung"));
    }

    @Test
    void aSwapWaitsForADriverThatNeedsTheModuleAndDoesNotLeave() throws Exception {
        host.needs.put("hung", "edu");
        write("edu.jar", TestJar.module("edu").bytes());
        await().until(() -> loaded().contains("edu"));
        hangingDriver(() -> {}, this::hang);
        write("hung.jar", TestJar.module("hung").bytes());
        await().until(() -> loaded().contains("hung"));
        assertThat(kernel.drivers().settle(scheduler.nanoTime() + 5_000_000_000L))
                .isTrue();

        write("edu.jar", TestJar.module("edu", "Bundle-Version: 2").bytes());

        await().until(() -> log().stream().anyMatch(line -> line.startsWith("deploy: edu.jar: refused: EBUSY")));
        assertThat(loaded()).containsExactly("edu");
        leave.countDown();
        await().until(() -> log().contains("deploy: edu.jar: module edu replaced"));
        await().until(() -> loaded().contains("hung"));
    }

    @Test
    void theDeletionOfAFileIsMadeGoodWhenADriverThatNeedsItsModuleHasLeft() throws Exception {
        host.needs.put("hung", "edu");
        write("edu.jar", TestJar.module("edu").bytes());
        await().until(() -> loaded().contains("edu"));
        hangingDriver(() -> {}, this::hang);
        write("hung.jar", TestJar.module("hung").bytes());
        await().until(() -> loaded().contains("hung"));
        assertThat(kernel.drivers().settle(scheduler.nanoTime() + 5_000_000_000L))
                .isTrue();

        delete("edu.jar");

        await().until(() -> log().stream().anyMatch(line -> line.startsWith("deploy: edu.jar is gone: EBUSY")));
        leave.countDown();
        await().until(() -> kmod.loaded().isEmpty());
        assertThat(log()).contains("deploy: edu.jar is gone: module edu unloaded");
    }
}
