package org.cardcage.kmod.internal.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kmod.LoadedModule;
import org.cardcage.kmod.internal.DeployFolder;
import org.cardcage.machine.Scheduler;
import org.cardcage.vfs.Credentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;

/** Modules of the deploy folder in a Felix. */
class DeployedBundleTest {

    @TempDir
    Path cache;

    @TempDir
    Path folder;

    private TestFramework test;
    private DeployFolder deploy;
    private Path file;

    @BeforeEach
    void start() throws Exception {
        test = new TestFramework(cache);
        deploy = test.kmod.deployFolder(folder);
        file = folder.resolve("any.jar");
    }

    @AfterEach
    void stop() throws Exception {
        deploy.close();
        test.close();
    }

    private void look() throws InterruptedException {
        deploy.look(file);
        test.scheduler.settle(Scheduler.NEVER);
    }

    private void write(String version) throws Exception {
        write("delayed", version);
    }

    private void write(String module, String version) throws Exception {
        Files.write(file, TestFramework.module(module, "Bundle-Description=" + version));
        look();
    }

    private List<String> loaded() {
        return test.kmod.loaded().stream().map(LoadedModule::name).toList();
    }

    /** The classes of the module that is loaded now. */
    private WeakReference<ClassLoader> classes() {
        ServiceReference<?> service = test.context.getServiceReference(Supplier.class);
        ClassLoader loader = test.context.getService(service).getClass().getClassLoader();
        test.context.ungetService(service);
        return new WeakReference<>(loader);
    }

    private static void assertCollected(WeakReference<ClassLoader> classes) {
        await().untilAsserted(() -> {
            System.gc();
            assertThat(classes.get()).isNull();
        });
    }

    @Test
    void theBundleLiesOutsideTheFolder() throws Exception {
        write("1");
        assertThat(test.context.getBundle("module:delayed").getHeaders().get("Bundle-Description"))
                .isEqualTo("1");
    }

    @Test
    void aSwapAndADeletionLeaveNothing() throws Exception {
        List<String> before = test.traces();
        write("1");
        WeakReference<ClassLoader> first = classes();
        write("a longer description");
        assertThat(test.context.getBundle("module:delayed").getHeaders().get("Bundle-Description"))
                .isEqualTo("a longer description");
        WeakReference<ClassLoader> second = classes();
        Files.delete(file);
        look();
        assertThat(test.traces()).isEqualTo(before);
        assertCollected(first);
        assertCollected(second);
    }

    @Test
    void rmmodLeavesNothingThoughTheFileStays() throws Exception {
        List<String> before = test.traces();
        write("1");
        WeakReference<ClassLoader> classes = classes();
        test.kmod.rmmod(Credentials.ROOT, "delayed", false);
        test.scheduler.settle(Scheduler.NEVER);
        assertThat(test.traces()).isEqualTo(before);
        assertCollected(classes);
    }

    @Test
    void whatNeedsASwappedModuleComesBackAfterIt() throws Exception {
        file = folder.resolve("user.jar");
        write("user", "1");
        assertThat(loaded()).isEmpty();
        file = folder.resolve("symbols.jar");
        write("symbols", "1");
        assertThat(loaded()).containsExactly("user", "symbols");
        write("symbols", "a longer description");
        assertThat(loaded()).containsExactly("user", "symbols");
        Files.delete(file);
        look();
        assertThat(loaded()).isEmpty();
        write("symbols", "1");
        assertThat(loaded()).containsExactly("user", "symbols");
        assertThat(test.log()).contains("deploy: symbols.jar: module symbols replaced");
    }

    @Test
    void whatInsmodHasLoadedComesBackAfterTheSwapOfWhatItNeeds() throws Exception {
        file = folder.resolve("symbols.jar");
        write("symbols", "1");
        test.files.put("/root/user.jar", TestFramework.module("user"));
        test.kmod.insmod(Credentials.ROOT, "/root/user.jar", List.of(), new CancelToken());
        write("symbols", "a longer description");
        assertThat(loaded()).containsExactly("user", "symbols");
        assertThat(test.log()).contains("deploy: module user is loaded again, as it was before");
        Files.delete(file);
        look();
        assertThat(loaded()).isEmpty();
    }

    @Test
    void aBundleThatInsmodHasNotLoadedStaysOutAndTheLogSaysSo() throws Exception {
        file = folder.resolve("symbols.jar");
        write("symbols", "1");
        test.context
                .installBundle("elsewhere", new ByteArrayInputStream(TestFramework.module("user")))
                .start();
        write("symbols", "a longer description");
        assertThat(loaded()).containsExactly("symbols");
        assertThat(test.log())
                .contains("deploy: module user needs symbols and is uninstalled with it;"
                        + " its bundle was not installed by insmod");
    }
}
