package org.cardcage.kmod.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kmod.LoadedModule;
import org.cardcage.kmod.TestJar;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.vfs.Credentials;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modules that {@code insmod} has loaded need one of the deploy folder. */
class DependentsTest {

    private static final String USER = "Provide-Capability: cardcage.module;cardcage.module=user,"
            + "cardcage.module.parameter;cardcage.module.parameter=label;type=charp;value=none";

    @TempDir
    Path folder;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(), scheduler);
    private final TestFiles files =
            new TestFiles().put("/root/user.jar", TestJar.withManifest(USER).bytes());
    private final TestHost host = new TestHost();
    private final KmodService kmod = new KmodService(kernel, files.calls(), host, "1.0");
    private DeployFolder deploy;
    private long changes;

    @BeforeEach
    void watch() {
        deploy = kmod.deployFolder(folder);
    }

    private void write(String module) throws IOException {
        Path file = folder.resolve(module + ".jar");
        Files.write(file, TestJar.module(module).bytes());
        Files.setLastModifiedTime(file, FileTime.fromMillis(++changes));
        look(file);
    }

    private void delete(String module) throws IOException {
        Path file = folder.resolve(module + ".jar");
        Files.delete(file);
        look(file);
    }

    private void look(Path file) {
        deploy.look(file);
        scheduler.settle(Scheduler.NEVER);
    }

    private void insmodUser() {
        kmod.insmod(Credentials.ROOT, "/root/user.jar", List.of("label=mine"), new CancelToken());
    }

    private List<String> loaded() {
        return kmod.loaded().stream().map(LoadedModule::name).toList();
    }

    private List<String> log() {
        return kernel.log().records().stream().map(LogRecord::text).toList();
    }

    @Test
    void theyComeBackAfterASwapWithTheParametersTheyHad() throws Exception {
        host.needs.put("user", "edu");
        write("edu");
        insmodUser();
        host.parameters = null;
        write("edu");
        assertThat(loaded()).containsExactly("user", "edu");
        assertThat(host.parameters.text("label")).isEqualTo("mine");
        assertThat(log())
                .containsExactly(
                        "deploy: edu.jar: module edu loaded",
                        "deploy: edu.jar: module edu replaced",
                        "deploy: module user is loaded again, as it was before");
    }

    @Test
    void theyComeBackAfterThoseOfTheFolderThatTheyNeedToo() throws Exception {
        host.needs.put("middle", "edu");
        host.needs.put("user", "middle");
        write("edu");
        write("middle");
        insmodUser();
        write("edu");
        assertThat(loaded()).containsExactly("user", "middle", "edu");
    }

    @Test
    void thoseOfTheFolderComeBackAfterThem() throws Exception {
        host.needs.put("user", "edu");
        host.needs.put("last", "user");
        write("edu");
        insmodUser();
        write("last");
        write("edu");
        assertThat(loaded()).containsExactly("last", "user", "edu");
    }

    @Test
    void theyComeBackAfterASwapThatFailsAndIsTakenBack() throws Exception {
        host.needs.put("user", "edu");
        write("edu");
        insmodUser();
        host.onStart = () -> {
            host.onStart = () -> {};
            throw new KernelException(Errno.ENODEV, "on purpose");
        };
        write("edu");
        assertThat(loaded()).containsExactly("user", "edu");
    }

    @Test
    void theyWaitForTheNextSwapIfTheModuleItselfDoesNotComeBack() throws Exception {
        host.needs.put("user", "edu");
        write("edu");
        insmodUser();
        host.onStart = () -> {
            throw new KernelException(Errno.ENODEV, "on purpose");
        };
        write("edu");
        assertThat(loaded()).isEmpty();
        host.onStart = () -> {};
        write("edu");
        assertThat(loaded()).containsExactly("user", "edu");
    }

    @Test
    void whatFailsToComeBackStaysOutAndTheLogSaysWhy() throws Exception {
        host.needs.put("user", "edu");
        write("edu");
        insmodUser();
        host.onStart = () -> host.onStart = () -> {
            host.onStart = () -> {};
            throw new KernelException(Errno.ENOMEM, "on purpose");
        };
        write("edu");
        assertThat(loaded()).containsExactly("edu");
        assertThat(log()).endsWith("deploy: module user does not come back: ENOMEM: on purpose");
        write("edu");
        assertThat(loaded()).containsExactly("edu");
    }

    @Test
    void theyStayOutWhenTheFileIsDeletedAndTheLogSaysSo() throws Exception {
        host.needs.put("user", "edu");
        write("edu");
        insmodUser();
        delete("edu");
        assertThat(loaded()).isEmpty();
        assertThat(log())
                .endsWith(
                        "deploy: edu.jar is gone: module edu unloaded",
                        "deploy: module user needs what is gone and stays out; insmod loads it again");
        write("edu");
        assertThat(loaded()).containsExactly("edu");
    }

    @Test
    void whatIsLoadedByHandMeanwhileIsLeftAlone() throws Exception {
        host.needs.put("user", "edu");
        write("edu");
        insmodUser();
        host.onStart = () -> {
            throw new KernelException(Errno.ENODEV, "on purpose");
        };
        write("edu");
        host.onStart = () -> {};
        host.needs.clear();
        insmodUser();
        write("edu");
        assertThat(loaded()).containsExactly("edu", "user");
        assertThat(log()).noneMatch(line -> line.contains("again"));
    }
}
