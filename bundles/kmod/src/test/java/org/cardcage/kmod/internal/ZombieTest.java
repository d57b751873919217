package org.cardcage.kmod.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Driver;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kmod.LoadedModule;
import org.cardcage.kmod.TestJar;
import org.cardcage.kmod.internal.TestCard.TestDriver;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.Scheduler;
import org.cardcage.vfs.Credentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A driver hangs in its remove; in the place of the bus, stopping the bundle takes the driver off without waiting. */
class ZombieTest {

    private final LiveScheduler scheduler = new LiveScheduler("test", (where, fault) -> {
        throw new AssertionError(where, fault);
    });
    private final Kernel kernel = new Kernel(new KernelLog(), scheduler);
    private final TestHost host = new TestHost();
    private final KmodService kmod = new KmodService(
            kernel, new TestFiles().put("/m.jar", TestJar.module("edu").bytes()).calls(), host, "1.0");
    private final CountDownLatch inRemove = new CountDownLatch(1);
    private final CountDownLatch leave = new CountDownLatch(1);

    @AfterEach
    void stop() {
        leave.countDown();
        kernel.close();
        scheduler.close();
    }

    private void hang() {
        inRemove.countDown();
        try {
            leave.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void insmod() {
        kmod.insmod(Credentials.ROOT, "/m.jar", List.of(), new CancelToken());
    }

    private void loadWithHangingDriver() {
        kernel.drivers().addDevice(new TestCard(kernel));
        host.onStart = () -> {
            Driver driver = new TestDriver(kernel.modules().loaded().get(0), () -> {}, this::hang);
            kernel.drivers().addDriver(driver);
            kernel.drivers().awaitProbes(driver, new CancelToken());
        };
        host.onStop = this::takeDriverOff;
        insmod();
    }

    private void takeDriverOff() throws InterruptedException {
        Driver driver = kernel.drivers().drivers().get(0);
        new Thread(() -> kernel.drivers().removeDriver(driver), "bus").start();
        inRemove.await();
    }

    private void assertZombie() {
        assertThat(host.calls).doesNotContain("uninstall");
        assertThat(kmod.loaded()).extracting(LoadedModule::state).containsExactly(KernelModule.State.GOING);
        assertThat(kernel.proc().read("modules").orElseThrow()).contains(" Unloading ");
        assertThatThrownBy(this::insmod)
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY));
    }

    @Test
    void aModuleWhoseDriverDoesNotLeaveStaysStoppedUntilItHasLeft() {
        loadWithHangingDriver();
        assertThatThrownBy(() -> kmod.rmmod(Credentials.ROOT, "edu", false))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY))
                .hasMessageContaining("does not leave");
        assertZombie();
        leave.countDown();
        await().untilAsserted(() -> assertThat(host.calls).endsWith("stop", "uninstall"));
        await().untilAsserted(() -> assertThat(kmod.loaded()).isEmpty());
        assertThat(host.services).isEmpty();
    }

    @Test
    void soDoesOneThatSomebodyElseHasStopped() throws Exception {
        loadWithHangingDriver();
        long bundle = 11;
        kmod.deployed().stopping(bundle);
        takeDriverOff();
        kmod.deployed().stopped(bundle);
        assertZombie();
        leave.countDown();
        await().untilAsserted(() -> assertThat(kmod.loaded()).isEmpty());
        assertThat(host.calls).doesNotContain("uninstall");
        host.onStart =
                () -> assertThat(kernel.drivers().settle(Scheduler.NEVER)).isTrue();
        insmod();
    }

    @Test
    void aDriverThatIsRegisteredOnlyWhileItsBundleStopsKeepsTheModuleAsWell() {
        kernel.drivers().addDevice(new TestCard(kernel));
        host.onStop = () -> {
            Driver driver = new TestDriver(kernel.modules().loaded().get(0), this::hang, () -> {});
            kernel.drivers().addDriver(driver);
            inRemove.await(); // its probe hangs; only now it is withdrawn
            takeDriverOff();
        };
        insmod();
        assertThatThrownBy(() -> kmod.rmmod(Credentials.ROOT, "edu", false))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY));
        assertZombie();
        leave.countDown();
        await().untilAsserted(() -> assertThat(host.calls).endsWith("stop", "uninstall"));
    }
}
