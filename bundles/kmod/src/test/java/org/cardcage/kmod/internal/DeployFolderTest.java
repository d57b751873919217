package org.cardcage.kmod.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
    }

    @Test
    void theSecondIsLoadedWhenTheFirstGoes() throws Exception {
        write("a.jar", EDU);
        write("b.jar", NEWER_EDU);
        delete("a.jar");
        assertThat(loaded()).containsExactly("edu");
        assertThat(lastLine()).isEqualTo("deploy: b.jar: module edu replaced");
        delete("b.jar");
        assertThat(loaded()).isEmpty();
    }

    @Test
    void theSecondIsLoadedWhenTheFirstBecomesAnotherModule() throws Exception {
        write("a.jar", EDU);
        write("b.jar", NEWER_EDU);
        write("a.jar", TestJar.module("other").bytes());
        assertThat(loaded()).containsExactlyInAnyOrder("edu", "other");
        delete("b.jar");
        assertThat(loaded()).containsExactly("other");
    }

    @Test
    void ofTwoThatWaitForAModuleOneGetsIt() throws Exception {
        write("a.jar", EDU);
        write("b.jar", NEWER_EDU);
        write("c.jar", NEWER_EDU);
        write("d.jar", NEWER_EDU);
        delete("b.jar");
        delete("a.jar");
        assertThat(loaded()).containsExactly("edu");
        assertThat(log())
                .contains("deploy: c.jar: module edu replaced")
                .noneMatch(line -> line.startsWith("deploy: d.jar: module"));
        delete("c.jar");
        assertThat(lastLine()).isEqualTo("deploy: d.jar: module edu replaced");
    }

    @Test
    void aSwapReadsTheParametersWhereTheFirstLoadDid() throws Exception {
        String parameter = "Provide-Capability: cardcage.module;cardcage.module=edu,"
                + "cardcage.module.parameter;cardcage.module.parameter=label;type=charp;value=";
        write("edu.jar", TestJar.withManifest(parameter + "first").bytes());
        assertThat(host.parameters.text("label")).isEqualTo("first");
        host.parameters.set("label", "changed while it runs");
        write("edu.jar", TestJar.withManifest(parameter + "second").bytes());
        assertThat(host.parameters.text("label")).isEqualTo("second");
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
    void anEmptyFileIsRefused() throws Exception {
        write("edu.jar", EDU);
        write("edu.jar", new byte[0]);
        assertThat(lastLine())
                .isEqualTo("deploy: edu.jar: refused: EINVAL: the file is empty; module edu stays as it is");
        assertThat(loaded()).containsExactly("edu");
    }

    @Test
    void aFileWithAnyBytesIsRefused() throws Exception {
        byte[] any = new byte[5000];
        new Random(1).nextBytes(any);
        write("edu.jar", EDU);
        write("edu.jar", any);
        assertThat(lastLine())
                .isEqualTo("deploy: edu.jar: refused: ENOEXEC: not a module: no archive, or only a part of one"
                        + " (5000 bytes); module edu stays as it is");
        assertThat(loaded()).containsExactly("edu");
    }

    @Test
    void aFolderIsRefused() throws Exception {
        Files.createDirectory(folder.resolve("edu.jar"));
        look("edu.jar");
        assertThat(log()).containsExactly("deploy: edu.jar: refused: EINVAL: it is no ordinary file");
    }

    @Test
    void aFolderInPlaceOfAFileIsTheEndOfTheFile() throws Exception {
        write("edu.jar", EDU);
        Files.delete(folder.resolve("edu.jar"));
        Files.createDirectory(folder.resolve("edu.jar"));
        look("edu.jar");
        assertThat(log()).contains("deploy: edu.jar: refused: EINVAL: it is no ordinary file");
        assertThat(loaded()).isEmpty();
    }

    @Test
    void aLinkIsWhatItLeadsTo(@TempDir Path elsewhere) throws Exception {
        Path built = Files.write(elsewhere.resolve("built"), EDU);
        Files.createSymbolicLink(folder.resolve("edu.jar"), built);
        look("edu.jar");
        assertThat(loaded()).containsExactly("edu");
        Files.write(built, NEWER_EDU);
        look("edu.jar");
        assertThat(lastLine()).isEqualTo("deploy: edu.jar: module edu replaced");
        Files.delete(built);
        look("edu.jar");
        assertThat(loaded()).isEmpty();
        Files.write(built, EDU);
        look("edu.jar");
        assertThat(loaded()).containsExactly("edu");
    }

    @Test
    void aLinkThatLeadsInACircleIsRefused() throws Exception {
        Files.createSymbolicLink(folder.resolve("edu.jar"), folder.resolve("edu.jar"));
        look("edu.jar");
        assertThat(lastLine()).startsWith("deploy: edu.jar: refused: EIO: the file cannot be read: ");
    }

    @Test
    void aNameMayHaveBlanks() throws Exception {
        write("my first driver.jar", EDU);
        assertThat(lastLine()).isEqualTo("deploy: my first driver.jar: module edu loaded");
        delete("my first driver.jar");
        assertThat(loaded()).isEmpty();
    }

    @Test
    void filesThatComeTogetherAreLoadedBoth() throws Exception {
        Files.write(folder.resolve("edu.jar"), EDU);
        Files.write(folder.resolve("other.jar"), TestJar.module("other").bytes());
        deploy.look(folder.resolve("edu.jar"));
        look("other.jar");
        assertThat(loaded()).containsExactlyInAnyOrder("edu", "other");
    }

    @Test
    void aDeletionThatNobodyTellsOfIsSeenSoonAfterAChange() throws Exception {
        write("edu.jar", EDU);
        Files.delete(folder.resolve("edu.jar"));
        scheduler.advance(TimeUnit.SECONDS.toNanos(1));
        assertThat(lastLine()).isEqualTo("deploy: edu.jar is gone: module edu unloaded");
    }

    @Test
    void whileAFileGrowsItsDeletionIsWatchedFor() throws Exception {
        write("edu.jar", EDU);
        Files.write(folder.resolve("edu.jar"), NEWER_EDU);
        scheduler.advance(TimeUnit.MILLISECONDS.toNanos(1500));
        assertThat(host.calls).doesNotContain("stop");
        Files.delete(folder.resolve("edu.jar"));
        scheduler.advance(TimeUnit.SECONDS.toNanos(1));
        assertThat(loaded()).isEmpty();
    }

    @Test
    void aQuietFileIsNotLookedAtForEver() throws Exception {
        write("edu.jar", EDU);
        scheduler.advance(TimeUnit.SECONDS.toNanos(1));
        Files.delete(folder.resolve("edu.jar"));
        scheduler.advance(TimeUnit.SECONDS.toNanos(60));
        assertThat(loaded()).containsExactly("edu");
        look("edu.jar");
        assertThat(loaded()).isEmpty();
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
