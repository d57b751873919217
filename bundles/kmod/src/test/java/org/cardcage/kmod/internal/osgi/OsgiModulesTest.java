package org.cardcage.kmod.internal.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cardcage.kmod.internal.osgi.TestFramework.module;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kernel.module.ModuleParameters;
import org.cardcage.kmod.LoadedModule;
import org.cardcage.kmod.ModuleFile;
import org.cardcage.vfs.Credentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/** Modules built by bnd from annotated classes, in a Felix with its component runtime. */
class OsgiModulesTest {

    @TempDir
    Path cache;

    private TestFramework test;

    @BeforeEach
    void start() throws Exception {
        test = new TestFramework(cache);
    }

    @AfterEach
    void stop() throws Exception {
        test.close();
    }

    private void insmod(byte[] module, String... parameters) {
        test.files.put("/root/m.jar", module);
        test.kmod.insmod(Credentials.ROOT, "/root/m.jar", List.of(parameters), new CancelToken());
    }

    private void rmmod(String name) {
        test.kmod.rmmod(Credentials.ROOT, name, false);
    }

    private static void assertErrno(Errno errno, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(errno))
                .hasMessageContaining(words);
    }

    /** The load fails as told and leaves nothing. */
    private void assertLeavesNothing(Errno errno, String words, byte[] module, String... parameters) throws Exception {
        List<String> before = test.traces();
        assertErrno(errno, words, () -> insmod(module, parameters));
        assertThat(test.traces()).isEqualTo(before);
    }

    @Test
    void theAnnotationsAreInTheManifest() throws Exception {
        ModuleFile file = ModuleFile.read(module("delayed"));
        assertThat(file.name()).isEqualTo("delayed");
        assertThat(file.description()).isEqualTo("says \"hello, world\"; nothing else");
        assertThat(file.version()).isEqualTo("1.2.3");
        assertThat(file.parameters())
                .containsExactlyInAnyOrder(
                        new ModuleFile.Parameter("fail_init", "int", "0", "errno to fail with, -1: another fault"),
                        new ModuleFile.Parameter("label", "charp", "", "what it answers"),
                        new ModuleFile.Parameter("quiet", "bool", "n", "no answer"));
        assertThat(ModuleFile.read(module("symbols")).symbols()).containsExactly("test_device_count");
        assertThat(ModuleFile.read(module("user")).needs()).containsExactly("test_device_count");
    }

    @Test
    void aModuleIsLoadedWithItsParametersAndGoesWithoutATrace() throws Exception {
        List<String> before = test.traces();
        byte[] file = module("delayed");
        insmod(file, "label=\"two", "words\"", "unknown=1");
        assertThat(test.kmod.loaded())
                .containsExactly(
                        new LoadedModule("delayed", file.length, 0, List.of(), KernelModule.State.LIVE, false));
        Supplier<?> service = test.context.getService(test.context.getServiceReference(Supplier.class));
        assertThat(service.get()).isEqualTo("two words");
        assertThat(test.log()).containsExactly("delayed: unknown parameter 'unknown' ignored");
        assertThat(test.kernel.proc().read("modules"))
                .contains("delayed " + file.length + " 0 - Live 0x0000000000000000\n");
        rmmod("delayed");
        assertThat(test.traces()).isEqualTo(before);
        insmod(file, "label=again");
        rmmod("/root/delayed.ko");
        assertThat(test.traces()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delayed", "immediate", "activator"})
    void theErrnoOfAFailedInitialisationIsThatOfInsmod(String name) throws Exception {
        byte[] file = module(name);
        for (Errno errno : List.of(Errno.EPERM, Errno.ENOENT, Errno.EBUSY, Errno.ENODEV, Errno.EOPNOTSUPP)) {
            assertLeavesNothing(errno, errno.name(), file, "fail_init=" + errno.number());
        }
        insmod(file);
        rmmod(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delayed", "activator"})
    void anyOtherFaultOfInitialisationIsAnInputOutputError(String name) throws Exception {
        assertLeavesNothing(Errno.EIO, "broken on purpose", module(name), "fail_init=-1");
    }

    @Test
    void aMissingPackageIsAnUnknownSymbol() throws Exception {
        assertLeavesNothing(
                Errno.ENOENT, "Unknown symbol org.absent", module("symbols", "Import-Package=org.absent,*"));
        assertThat(test.log()).containsExactly("symbols: Unknown symbol org.absent (err -2)");
    }

    @Test
    void aPackageInAnotherVersionIsAnotherKernels() throws Exception {
        assertLeavesNothing(
                Errno.ENOEXEC,
                "org.cardcage.kernel",
                module("symbols", "Import-Package=org.cardcage.kernel;version=\"[9,10)\""));
        assertThat(test.log()).containsExactly("symbols: disagrees about version of symbol org.cardcage.kernel");
        assertLeavesNothing(
                Errno.ENOEXEC,
                "JavaSE",
                module("symbols", "Require-Capability=osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\""));
    }

    @Test
    void aMissingServiceIsAnUnknownSymbol() throws Exception {
        assertLeavesNothing(Errno.ENOENT, "Unknown symbol java.util.concurrent.Callable (of=nobody)", module("needy"));
    }

    @Test
    void aMissingSymbolIsNamed() throws Exception {
        assertLeavesNothing(Errno.ENOENT, "Unknown symbol test_device_count", module("user"));
        assertThat(test.log()).containsExactly("user: Unknown symbol test_device_count (err -2)");
    }

    @Test
    void aModuleThatAnotherNeedsIsInUse() throws Exception {
        List<String> before = test.traces();
        insmod(module("symbols"));
        insmod(module("user"));
        assertThat(test.kmod.loaded())
                .extracting(LoadedModule::name, LoadedModule::users, LoadedModule::usedBy)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("user", 0, List.of()),
                        org.assertj.core.groups.Tuple.tuple("symbols", 1, List.of("user")));
        assertThat(test.kernel.proc().read("modules").orElseThrow()).contains(" 1 user, Live ");
        assertErrno(Errno.EAGAIN, "Module symbols is in use by: user", () -> rmmod("symbols"));
        rmmod("user");
        rmmod("symbols");
        assertThat(test.traces()).isEqualTo(before);
    }

    @Test
    void forceTakesThoseAlongThatNeedTheModule() throws Exception {
        List<String> before = test.traces();
        insmod(module("symbols"));
        insmod(module("user"));
        test.kmod.rmmod(Credentials.ROOT, "symbols", true);
        assertThat(test.traces()).isEqualTo(before);
    }

    @Test
    void modprobeLoadsWhatIsNeededFirst() throws Exception {
        test.files.put("/lib/modules/1.0/user.jar", module("user"));
        test.files.put("/lib/modules/1.0/extra/zz.jar", module("symbols"));
        assertThat(test.kmod.modprobe(Credentials.ROOT, "user", List.of(), new CancelToken()))
                .containsExactly("/lib/modules/1.0/extra/zz.jar", "/lib/modules/1.0/user.jar");
        assertThat(test.kmod.modprobe(Credentials.ROOT, "user", List.of(), new CancelToken()))
                .isEmpty();
    }

    @Test
    void aBundleThatSomebodyElseStartsIsAModuleToo() throws Exception {
        List<String> before = test.traces();
        Bundle bundle = test.context.installBundle("somewhere", new ByteArrayInputStream(module("delayed")));
        bundle.start();
        assertThat(test.kmod.loaded()).extracting(LoadedModule::state).containsExactly(KernelModule.State.LIVE);
        assertThat(test.kernel.modules().of(bundle.getBundleId(), "other").name())
                .isEqualTo("delayed");
        assertThat(test.context
                        .getService(test.context.getServiceReference(ModuleParameters.class))
                        .text("label"))
                .isEmpty();
        assertErrno(Errno.EEXIST, "loaded already", () -> insmod(module("delayed")));
        bundle.stop();
        assertThat(test.kmod.loaded()).isEmpty();
        bundle.start();
        assertThat(test.kmod.loaded()).hasSize(1);
        rmmod("delayed");
        assertThat(bundle.getState()).isEqualTo(Bundle.UNINSTALLED);
        assertThat(test.traces()).isEqualTo(before);
    }

    @Test
    void theSameBundleInstalledElsewhereIsRefused() throws Exception {
        test.context.installBundle("somewhere", new ByteArrayInputStream(module("delayed")));
        assertLeavesNothing(Errno.EEXIST, "installed already", module("delayed"));
    }

    @Test
    void aModuleThatSomebodyElseStopsIsGoneAndCanBeLoadedAgain() throws Exception {
        List<String> before = test.traces();
        insmod(module("delayed"));
        test.context.getBundle("module:delayed").stop();
        assertThat(test.kmod.loaded()).isEmpty();
        assertThat(test.kernel.modules().loaded()).isEmpty();
        insmod(module("delayed"));
        rmmod("delayed");
        assertThat(test.traces()).isEqualTo(before);
    }

    @Test
    void aFaultAtTheEndDoesNotKeepAModule() throws Exception {
        List<String> before = test.traces();
        insmod(module("activator"), "fail_exit");
        rmmod("activator");
        assertThat(test.traces()).isEqualTo(before);
        assertThat(test.log()).contains("Oops: end of module activator in module activator");
    }

    @Test
    void aModuleStartedByOthersThatFailsLeavesOnlyItsBundle() throws Exception {
        Bundle bundle = test.context.installBundle(
                "somewhere", new ByteArrayInputStream(module("activator", "Bundle-Activator=org.absent.Activator")));
        List<String> before = test.traces();
        assertThatThrownBy(bundle::start).isInstanceOf(org.osgi.framework.BundleException.class);
        assertThat(test.kmod.loaded()).isEmpty();
        assertThat(test.traces().size()).isEqualTo(before.size());
    }
}
