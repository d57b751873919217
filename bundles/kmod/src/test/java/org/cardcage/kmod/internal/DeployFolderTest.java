package org.cardcage.kmod.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
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

class DeployFolderTest {

    private static final byte[] EDU = TestJar.module("edu").bytes();
    private static final byte[] NEWER_EDU =
            TestJar.module("edu", "Bundle-Version: 2").bytes();

    @TempDir
    Path folder;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(), scheduler);
    private final TestFiles files = new TestFiles().put("/root/edu.jar", EDU);
    private final TestHost host = new TestHost();
    private final KmodService kmod = new KmodService(kernel, files.calls(), host, "1.0");
    private DeployFolder deploy;
    private long changes;

    @BeforeEach
    void watch() {
        deploy = kmod.deployFolder(folder);
    }

    /** Writes a file, at another time than the one before, and lets what follows happen. */
    private void write(String name, byte[] content) throws IOException {
        Files.write(folder.resolve(name), content);
        touch(name);
    }

    private void touch(String name) throws IOException {
        Files.setLastModifiedTime(folder.resolve(name), FileTime.fromMillis(++changes));
        look(name);
    }

    private void delete(String name) throws IOException {
        Files.delete(folder.resolve(name));
        look(name);
    }

    private void look(String name) {
        deploy.look(folder.resolve(name));
        scheduler.settle(Scheduler.NEVER);
    }

    private void insmod() {
        kmod.insmod(Credentials.ROOT, "/root/edu.jar", List.of(), new CancelToken());
    }

    private void rmmod() {
        kmod.rmmod(Credentials.ROOT, "edu", false);
    }

    private List<String> loaded() {
        return kmod.loaded().stream().map(LoadedModule::name).toList();
    }

    private List<String> log() {
        return kernel.log().records().stream().map(LogRecord::text).toList();
    }

    private String lastLine() {
        return log().get(log().size() - 1);
    }

    @Test
    void aNewFileIsLoadedFromALocationOutsideTheFolder() throws Exception {
        write("anything.jar", EDU);
        assertThat(host.calls).containsExactly("install module:edu", "offer edu", "start", "initialise");
        assertThat(loaded()).containsExactly("edu");
        assertThat(log()).containsExactly("deploy: anything.jar: module edu loaded");
    }

    @Test
    void aLoadedOneIsThereForInsmodToo() throws Exception {
        write("edu.jar", EDU);
        assertThatThrownBy(this::insmod)
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
    }

    @Test
    void aChangedFileReplacesEvenWhatIsInUse() throws Exception {
        write("edu.jar", EDU);
        kernel.modules().find("edu").orElseThrow().tryGet();
        write("edu.jar", NEWER_EDU);
        assertThat(host.calls)
                .containsExactly(
                        "install module:edu",
                        "offer edu",
                        "start",
                        "initialise",
                        "stop",
                        "uninstall",
                        "install module:edu",
                        "offer edu",
                        "start",
                        "initialise");
        assertThat(lastLine()).isEqualTo("deploy: edu.jar: module edu replaced");
        assertThat(host.services).containsExactly("edu");
    }

    @Test
    void aDeletedFileForcesOutWhatIsInUse() throws Exception {
        write("edu.jar", EDU);
        kernel.modules().find("edu").orElseThrow().tryGet();
        delete("edu.jar");
        assertThat(loaded()).isEmpty();
        assertThat(host.services).isEmpty();
        assertThat(lastLine()).isEqualTo("deploy: edu.jar is gone: module edu unloaded");
    }

    @Test
    void aFileThatHasNotChangedIsNotLoadedAgain() throws Exception {
        write("edu.jar", EDU);
        look("edu.jar");
        assertThat(host.calls).doesNotContain("stop");
        assertThat(log()).hasSize(1);
    }

    @Test
    void halfAFileIsRefusedAndLoadedWhenItIsComplete() throws Exception {
        write("edu.jar", Arrays.copyOf(EDU, EDU.length / 2));
        assertThat(loaded()).isEmpty();
        assertThat(lastLine())
                .startsWith("deploy: edu.jar: refused: ENOEXEC: not a module: no archive, or only a part");
        write("edu.jar", EDU);
        assertThat(loaded()).containsExactly("edu");
    }

    @Test
    void aBrokenFileLeavesTheRunningOneAlone() throws Exception {
        write("edu.jar", EDU);
        write("edu.jar", Arrays.copyOf(NEWER_EDU, NEWER_EDU.length - 1));
        assertThat(loaded()).containsExactly("edu");
        assertThat(host.calls).doesNotContain("stop");
        assertThat(lastLine())
                .startsWith("deploy: edu.jar: refused: ENOEXEC: ")
                .endsWith("; module edu stays as it is");
        delete("edu.jar");
        assertThat(loaded()).isEmpty();
    }

    @Test
    void aFileWithADamagedEntryIsRefused() throws Exception {
        byte[] damaged =
                TestJar.module("edu").with("code", "0123456789".repeat(9)).bytes();
        int code = new String(damaged, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("code") + 4;
        damaged[code + 2] ^= 1;
        write("edu.jar", damaged);
        assertThat(loaded()).isEmpty();
        assertThat(lastLine()).startsWith("deploy: edu.jar: refused: ENOEXEC: not a module: the archive is damaged");
    }

    @Test
    void aJarThatIsNoModuleIsRefused() throws Exception {
        write(
                "library.jar",
                TestJar.withManifest("Bundle-SymbolicName: library").bytes());
        assertThat(lastLine())
                .isEqualTo("deploy: library.jar: refused: ENOEXEC: not a module:"
                        + " the manifest has 0 cardcage.module capabilities, not one");
        delete("library.jar");
        assertThat(host.calls).isEmpty();
        assertThat(log()).hasSize(1);
    }

    @Test
    void whatFailsToStartMakesRoomForTheOneBefore() throws Exception {
        write("edu.jar", EDU);
        host.onStart = () -> {
            host.onStart = () -> {};
            throw new KernelException(Errno.ENODEV, "on purpose");
        };
        write("edu.jar", NEWER_EDU);
        assertThat(loaded()).containsExactly("edu");
        assertThat(log())
                .contains("deploy: edu.jar: refused: ENODEV: on purpose")
                .endsWith("deploy: edu.jar: module edu runs again as it was before");
        delete("edu.jar");
        assertThat(loaded()).isEmpty();
    }

    @Test
    void afterRmmodItStaysOutUntilTheFileChanges() throws Exception {
        write("edu.jar", EDU);
        rmmod();
        look("edu.jar");
        assertThat(loaded()).isEmpty();
        touch("edu.jar");
        assertThat(loaded()).containsExactly("edu");
    }

    @Test
    void afterRmmodTheDeletionOfTheFileIsNothing() throws Exception {
        write("edu.jar", EDU);
        rmmod();
        int lines = log().size();
        delete("edu.jar");
        assertThat(log()).hasSize(lines);
    }

    @Test
    void whatInsmodHasLoadedIsNotTheFiles() throws Exception {
        write("edu.jar", EDU);
        rmmod();
        insmod();
        touch("edu.jar");
        assertThat(lastLine()).isEqualTo("deploy: edu.jar: refused: EEXIST: Module edu is loaded already");
        delete("edu.jar");
        assertThat(loaded()).containsExactly("edu");
    }

    @Test
    void ofTwoFilesWithOneModuleTheSecondIsRefused() throws Exception {
        write("a.jar", EDU);
        write("b.jar", NEWER_EDU);
        assertThat(host.calls).doesNotContain("stop");
        assertThat(lastLine())
                .isEqualTo("deploy: b.jar: refused: EEXIST: module edu belongs to a.jar in the same folder;"
                        + " delete one of them");
        delete("b.jar");
        assertThat(loaded()).containsExactly("edu");
        write("b.jar", NEWER_EDU);
        delete("a.jar");
        assertThat(loaded()).isEmpty();
        touch("b.jar");
        assertThat(loaded()).containsExactly("edu");
    }

    @Test
    void aRenamedFileTakesItsModuleAlong() throws Exception {
        write("a.jar", EDU);
        Files.move(folder.resolve("a.jar"), folder.resolve("b.jar"));
        deploy.look(folder.resolve("a.jar"));
        look("b.jar");
        assertThat(loaded()).containsExactly("edu");
        delete("b.jar");
        assertThat(loaded()).isEmpty();
    }

    @Test
    void aFileThatBecomesAnotherModuleTakesTheFirstOut() throws Exception {
        write("m.jar", EDU);
        write("m.jar", TestJar.module("other").bytes());
        assertThat(loaded()).containsExactly("other");
        assertThat(host.calls).containsSubsequence("uninstall", "install module:other");
        write("edu.jar", EDU);
        assertThat(loaded()).containsExactlyInAnyOrder("edu", "other");
    }

    @Test
    void whatWantsAnAbsentSymbolIsLoadedOnceAnotherFileOffersIt() throws Exception {
        host.onStart = () -> {
            if (!loaded().contains("symbols")) {
                throw new UnknownSymbolException(List.of("test_count"), List.of());
            }
        };
        write("a.jar", TestJar.module("user").bytes());
        assertThat(lastLine()).startsWith("deploy: a.jar: refused: ENOENT: Unknown symbol test_count");
        write("b.jar", TestJar.module("symbols").bytes());
        assertThat(loaded()).containsExactlyInAnyOrder("user", "symbols");
    }

    @Test
    void onlyJarsOfTheFolderCount() {
        assertThat(deploy.covers(folder.resolve("edu.jar"))).isTrue();
        assertThat(deploy.covers(folder.resolve("edu.cfg"))).isFalse();
        assertThat(deploy.covers(folder.resolve(".edu.jar"))).isFalse();
        assertThat(deploy.covers(folder.resolve("sub/edu.jar"))).isFalse();
        assertThat(deploy.covers(Path.of("/"))).isFalse();
    }

    @Test
    void afterTheEndNothingHappens() throws Exception {
        write("edu.jar", EDU);
        deploy.close();
        delete("edu.jar");
        assertThat(loaded()).containsExactly("edu");
    }
}
