package org.cardcage.kmod.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kmod.LoadedModule;
import org.cardcage.kmod.TestJar;
import org.cardcage.kmod.internal.TestCard.TestDriver;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.vfs.Credentials;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KmodServiceTest {

    private static final Credentials NOBODY = new Credentials(65534, 65534);
    private static final byte[] EDU = TestJar.module(
                    "edu,cardcage.module.parameter;cardcage.module.parameter=read_mode;type=int;value=0,"
                            + "cardcage.module.parameter;cardcage.module.parameter=quiet;type=bool;value=n")
            .bytes();

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(), scheduler);
    private final TestFiles files = new TestFiles();
    private final TestHost host = new TestHost();
    private final KmodService kmod = new KmodService(kernel, files.calls(), host, "1.0");

    @BeforeEach
    void aFile() {
        files.put("/root/edu.jar", EDU);
    }

    private void insmod(String... parameters) {
        kmod.insmod(Credentials.ROOT, "/root/edu.jar", List.of(parameters), new CancelToken());
    }

    private void rmmod() {
        kmod.rmmod(Credentials.ROOT, "edu", false);
    }

    private KernelModule module() {
        return kernel.modules().find("edu").orElseThrow();
    }

    private List<String> log() {
        return kernel.log().records().stream().map(LogRecord::text).toList();
    }

    private static void assertErrno(Errno errno, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(errno))
                .hasMessageContaining(words);
    }

    private void assertNothingIsLeft() {
        assertThat(host.services).isEmpty();
        assertThat(kmod.loaded()).isEmpty();
        assertThat(kernel.modules().loaded()).isEmpty();
        assertThat(kernel.proc().read("modules")).contains("");
    }

    @Test
    void parametersAreAServiceBeforeTheBundleStarts() {
        insmod();
        assertThat(host.calls).containsExactly("install module:edu", "offer edu", "start", "initialise");
        assertThat(kmod.loaded())
                .containsExactly(new LoadedModule("edu", EDU.length, 0, List.of(), KernelModule.State.LIVE, false));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            /root/none.jar,    ENOENT
            /root,             EISDIR
            root/edu.jar,      EINVAL
            /root/empty.jar,   EINVAL
            /root/garbage.jar, ENOEXEC
            """)
    void aFileThatIsNoModuleIsRefusedAsLinuxDoes(String path, Errno errno) {
        files.put("/root/empty.jar", new byte[0]).put("/root/garbage.jar", new byte[8]);
        assertErrno(errno, errno.name(), () -> kmod.insmod(Credentials.ROOT, path, List.of(), new CancelToken()));
        assertThat(host.calls).isEmpty();
    }

    @Test
    void theLogSaysWhyAFileIsNoModule() {
        files.put("/root/garbage.jar", new byte[8]);
        assertErrno(
                Errno.ENOEXEC,
                "no archive",
                () -> kmod.insmod(Credentials.ROOT, "/root/garbage.jar", List.of(), new CancelToken()));
        assertThat(log()).singleElement().asString().startsWith("kmod: /root/garbage.jar: ENOEXEC: not a module:");
    }

    @Test
    void onlyRootLoadsAndUnloads() {
        assertErrno(Errno.EPERM, "root", () -> kmod.insmod(NOBODY, "/root/edu.jar", List.of(), new CancelToken()));
        insmod();
        assertErrno(Errno.EPERM, "root", () -> kmod.rmmod(NOBODY, "edu", false));
        assertErrno(Errno.ENOENT, "not currently loaded", () -> kmod.rmmod(NOBODY, "nosuch", false));
    }

    @Test
    void aURLWorksLikeAFile() throws Exception {
        assertErrno(
                Errno.ENOENT,
                "nothing at",
                () -> kmod.insmodUrl(Credentials.ROOT, "file:/nowhere/x.jar", List.of(), new CancelToken()));
        assertErrno(
                Errno.EINVAL, "no URL", () -> kmod.insmodUrl(Credentials.ROOT, "x y", List.of(), new CancelToken()));
        java.nio.file.Path file = java.nio.file.Files.createTempFile("kmod", ".jar");
        try {
            java.nio.file.Files.write(file, EDU);
            kmod.insmodUrl(Credentials.ROOT, file.toUri().toString(), List.of(), new CancelToken());
        } finally {
            java.nio.file.Files.delete(file);
        }
        assertThat(kmod.loaded()).hasSize(1);
    }

    @Test
    void aSecondLoadFindsTheFirst() {
        insmod();
        assertErrno(Errno.EEXIST, "loaded already", () -> insmod("read_mode=abc"));
        assertThat(log()).isEmpty();
    }

    @Test
    void theLastValueOfAParameterCountsAndUnknownOnesAreLogged() {
        insmod("read_mode=1", "foo", "read-mode=0x2", "bar=1", "quiet");
        assertThat(host.parameters.intValue("read_mode")).isEqualTo(2);
        assertThat(host.parameters.booleanValue("quiet")).isTrue();
        assertThat(log())
                .containsExactly("edu: unknown parameter 'foo' ignored", "edu: unknown parameter 'bar' ignored");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            read_mode=abc,         EINVAL, abc,         read_mode
            read_mode=99999999999, ERANGE, 99999999999, read_mode
            read_mode=,            EINVAL, '',          read_mode
            read_mode,             EINVAL, '',          read_mode
            quiet=maybe,           EINVAL, maybe,       quiet
            """)
    void aBadValueIsSaidInTheWordsOfTheKernel(String given, Errno errno, String value, String name) {
        String words = "`" + value + "' invalid for parameter `" + name + "'";
        assertErrno(errno, words, () -> insmod(given));
        assertThat(log()).containsExactly("edu: " + words);
        assertNothingIsLeft();
    }

    @Test
    void whatTheInitialisationThrowsIsPassedOnAndEverythingUndone() {
        host.onStart = () -> {
            throw new IllegalStateException(new KernelException(Errno.EBUSY, "no room"));
        };
        assertErrno(Errno.EBUSY, "initialisation of module edu failed", this::insmod);
        assertThat(host.calls).endsWith("start", "stop", "uninstall");
        assertNothingIsLeft();
    }

    @Test
    void aFaultOfTheInitialisationIsAnOops() {
        host.onInitialise = () -> {
            throw new StackOverflowError();
        };
        assertErrno(Errno.EIO, "StackOverflowError", this::insmod);
        assertThat(log().get(0)).isEqualTo("Oops: initialisation of module edu in module edu");
        assertNothingIsLeft();
    }

    @Test
    void unknownSymbolsAreLoggedOneByOne() {
        host.onStart = () -> {
            throw new UnknownSymbolException(List.of("a", "b"), List.of("c"));
        };
        assertErrno(Errno.ENOENT, "ENOENT: Unknown symbol a, b", this::insmod);
        assertThat(log())
                .containsExactly(
                        "edu: disagrees about version of symbol c",
                        "edu: Unknown symbol a (err -2)",
                        "edu: Unknown symbol b (err -2)");
        assertNothingIsLeft();
    }

    @Test
    void loadingWaitsForTheProbesThatItHasCaused() {
        List<String> order = new ArrayList<>();
        host.onStart = () -> {
            KernelModule module = module();
            kernel.modules().beginInit(module);
            scheduler.schedule(scheduler.nanoTime() + 1000, () -> {
                order.add("probed in state " + module.state());
                kernel.modules().endInit(module);
            });
        };
        host.onInitialise = () -> order.add("components");
        insmod();
        assertThat(order).containsExactly("probed in state COMING", "components");
    }

    @Test
    void aCancelledLoadIsUndone() {
        host.onStart = () -> kernel.modules().beginInit(module());
        CancelToken cancel = new CancelToken();
        scheduler.schedule(1000, () -> cancel.cancel(Errno.EINTR));
        assertErrno(Errno.EINTR, "", () -> kmod.insmod(Credentials.ROOT, "/root/edu.jar", List.of(), cancel));
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"edu", "edu.ko", "/root/edu.ko", "edu.jar"})
    void unloadingTakesNamesOfFilesToo(String name) {
        insmod();
        kmod.rmmod(Credentials.ROOT, name, false);
        assertThat(host.calls).endsWith("stop", "uninstall");
        assertNothingIsLeft();
    }

    @Test
    void dashesAndUnderscoresAreAlike() {
        files.put("/root/edu.jar", TestJar.module("edu_dep").bytes());
        insmod();
        kmod.rmmod(Credentials.ROOT, "edu-dep", false);
        assertNothingIsLeft();
    }

    @Test
    void aModuleInUseStaysUnlessForced() {
        insmod();
        KernelModule module = module();
        module.tryGet();
        assertErrno(Errno.EAGAIN, "EAGAIN: Module edu is in use", this::rmmod);
        assertThat(module.state()).isEqualTo(KernelModule.State.LIVE);
        assertThat(kernel.proc().read("modules")).contains("edu " + EDU.length + " 1 - Live 0x0000000000000000\n");
        kmod.rmmod(Credentials.ROOT, "edu", true);
        assertThat(module.isTainted()).isTrue();
        assertNothingIsLeft();
    }

    @Test
    void aTaintedModuleIsMarked() {
        insmod();
        module().taint();
        assertThat(kernel.proc().read("modules")).contains("edu " + EDU.length + " 0 - Live 0x0000000000000000 (D)\n");
    }

    @Test
    void aDriverThatUnloadsItsOwnModuleIsTold() {
        List<Errno> errnos = new ArrayList<>();
        Runnable attempt = () -> {
            try {
                rmmod();
            } catch (KernelException e) {
                errnos.add(e.errno());
            }
        };
        insmod();
        kernel.drivers().addDriver(new TestDriver(module(), attempt, () -> {}));
        kernel.drivers().addDevice(new TestCard(kernel));
        scheduler.settle(Scheduler.NEVER);
        assertThat(errnos).containsExactly(Errno.EDEADLK);
        assertThat(kmod.loaded()).hasSize(1);
    }

    @Test
    void aModuleBeingLoadedOrUnloadedIsBusy() {
        List<Errno> errnos = new ArrayList<>();
        TestHost.Step attempt = () -> {
            try {
                rmmod();
            } catch (KernelException e) {
                errnos.add(e.errno());
            }
        };
        host.onStart = attempt;
        host.onStop = attempt;
        insmod();
        rmmod();
        assertThat(errnos).containsExactly(Errno.EBUSY, Errno.EBUSY);
        assertNothingIsLeft();
    }

    @Test
    void modprobeFindsByNameAndByDeviceAndSaysWhatItDoesNotFind() {
        files.put(
                "/lib/modules/1.0/edu.jar",
                TestJar.module("edu,cardcage.pci.id;vendor:Long=4660").bytes());
        String modalias = "pci:v00001234d000011E8sv00001AF4sd00001100bc00scFFi00";
        assertThat(kmod.find("edu")).contains("/lib/modules/1.0/edu.jar");
        assertThat(kmod.modulesFor(modalias)).containsExactly("edu");
        assertThat(kmod.modprobe(Credentials.ROOT, modalias, List.of(), new CancelToken()))
                .containsExactly("/lib/modules/1.0/edu.jar");
        assertThat(kmod.modprobe(Credentials.ROOT, "edu", List.of("bad=1"), new CancelToken()))
                .isEmpty();
        assertErrno(
                Errno.ENOENT,
                "ENOENT: Module nosuch not found in directory /lib/modules/1.0",
                () -> kmod.modprobe(Credentials.ROOT, "nosuch", List.of(), new CancelToken()));
    }

    @Test
    void whenKmodEndsItsEntryAndServicesAreGone() {
        insmod();
        kmod.close();
        assertThat(host.services).isEmpty();
        assertThat(kernel.proc().paths()).doesNotContain("modules");
        assertThat(host.calls).doesNotContain("stop");
    }
}
