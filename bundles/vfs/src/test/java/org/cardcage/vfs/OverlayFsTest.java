package org.cardcage.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardcage.vfs.VfsExtension.ROOT;
import static org.cardcage.vfs.VfsExtension.errno;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class OverlayFsTest {

    private static final String TOP = "/lib/modules/1.0";

    @TempDir
    Path host;

    @RegisterExtension
    final VfsExtension t = VfsExtension.stepped(this::make);

    private Path lower;
    private Path upper;

    private Vfs make(Kernel kernel) {
        lower = host.resolve("shipped");
        upper = host.resolve("state/overlay/modules");
        return new Vfs(kernel, new SystemFolders("1.0", Optional.of(host.resolve("state")), Optional.of(lower)));
    }

    @BeforeEach
    void shipped() throws IOException {
        Files.createDirectories(lower.resolve("kernel"));
        Files.writeString(lower.resolve("edu.jar"), "shipped");
        Files.writeString(lower.resolve("kernel/core.jar"), "core");
        t.remount(this::make);
    }

    @Test
    void shippedFilesShowThroughAndStayAsTheyAre() throws IOException {
        assertThat(t.names(TOP)).containsExactly("edu.jar", "kernel");
        assertThat(t.read(TOP + "/kernel/core.jar")).isEqualTo("core");
        t.write(TOP + "/edu.jar", "mine");
        t.write(TOP + "/kernel/new.jar", "new");
        assertThat(t.read(TOP + "/edu.jar")).isEqualTo("mine");
        assertThat(t.names(TOP + "/kernel")).containsExactly("core.jar", "new.jar");
        assertThat(lower.resolve("edu.jar")).hasContent("shipped");
        assertThat(lower.resolve("kernel")).isDirectoryNotContaining("glob:**new.jar");
        assertThat(upper.resolve("edu.jar")).hasContent("mine");
    }

    @Test
    void copyUpKeepsContentAndInode() {
        long inode = t.vfs().stat(ROOT, TOP + "/kernel/core.jar").inode();
        try (OpenFile f = t.open(TOP + "/kernel/core.jar", OpenFlag.WRITE, OpenFlag.APPEND)) {
            f.write(VfsExtension.bytes("+more"));
        }
        assertThat(t.read(TOP + "/kernel/core.jar")).isEqualTo("core+more");
        assertThat(t.vfs().stat(ROOT, TOP + "/kernel/core.jar").inode()).isEqualTo(inode);
        assertThat(t.vfs().readdir(ROOT, TOP + "/kernel").get(0).inode()).isEqualTo(inode);
    }

    @Test
    void modesOfShippedFilesChangeInTheUpperLayerOnly() throws IOException {
        t.vfs().chmod(ROOT, TOP + "/edu.jar", 0600);
        assertThat(t.vfs().stat(ROOT, TOP + "/edu.jar").permissions()).isEqualTo(0600);
        assertThat((int) Files.getAttribute(lower.resolve("edu.jar"), "unix:mode") & 0777)
                .isNotEqualTo(0600);
    }

    @Test
    void removedNamesStayRemovedAndCanBeMadeAgain() throws IOException {
        t.vfs().unlink(ROOT, TOP + "/edu.jar");
        assertThat(t.names(TOP)).containsExactly("kernel");
        assertThat(errno(() -> t.read(TOP + "/edu.jar"))).isEqualTo(Errno.ENOENT);
        assertThat(errno(() -> t.vfs().unlink(ROOT, TOP + "/edu.jar"))).isEqualTo(Errno.ENOENT);
        t.remount(this::make);
        assertThat(t.names(TOP)).containsExactly("kernel");
        t.write(TOP + "/edu.jar", "again");
        assertThat(t.read(TOP + "/edu.jar")).isEqualTo("again");
        assertThat(upper.resolve(".wh.edu.jar")).doesNotExist();
        assertThat(lower.resolve("edu.jar")).hasContent("shipped");
    }

    @Test
    void aDirectoryMadeAgainIsEmpty() {
        assertThat(errno(() -> t.vfs().rmdir(ROOT, TOP + "/kernel"))).isEqualTo(Errno.ENOTEMPTY);
        t.vfs().unlink(ROOT, TOP + "/kernel/core.jar");
        t.vfs().rmdir(ROOT, TOP + "/kernel");
        assertThat(t.names(TOP)).containsExactly("edu.jar");
        t.vfs().mkdir(ROOT, TOP + "/kernel", 0755);
        assertThat(t.names(TOP + "/kernel")).isEmpty();
        t.write(TOP + "/kernel/core.jar", "mine");
        assertThat(t.read(TOP + "/kernel/core.jar")).isEqualTo("mine");
        t.vfs().unlink(ROOT, TOP + "/kernel/core.jar");
        t.vfs().rmdir(ROOT, TOP + "/kernel");
        assertThat(t.names(TOP)).containsExactly("edu.jar");
    }

    @Test
    void renameMovesFilesAndRefusesShippedDirectories() {
        t.vfs().rename(ROOT, TOP + "/edu.jar", TOP + "/kernel/other.jar");
        assertThat(t.names(TOP)).containsExactly("kernel");
        assertThat(t.read(TOP + "/kernel/other.jar")).isEqualTo("shipped");
        t.vfs().rename(ROOT, TOP + "/kernel/other.jar", TOP + "/kernel/core.jar");
        assertThat(t.names(TOP + "/kernel")).containsExactly("core.jar");
        assertThat(t.read(TOP + "/kernel/core.jar")).isEqualTo("shipped");
        assertThat(errno(() -> t.vfs().rename(ROOT, TOP + "/kernel", TOP + "/k2")))
                .isEqualTo(Errno.EXDEV);
        t.vfs().mkdir(ROOT, TOP + "/mine", 0755);
        t.write(TOP + "/mine/f", "x");
        t.vfs().rename(ROOT, TOP + "/mine", TOP + "/edu.jar");
        assertThat(t.names(TOP + "/edu.jar")).containsExactly("f");
    }

    @Test
    void linksLeadIntoTheTreeAndNotToTheHost() {
        t.vfs().symlink(ROOT, "/proc/devices", "/etc/link");
        assertThat(t.read("/etc/link")).startsWith("Character devices:");
        assertThat(host.resolve("state/overlay/etc/link")).isSymbolicLink();
        t.vfs().unlink(ROOT, "/etc/link");
    }

    @Test
    void whiteoutsAreNoNames() {
        t.vfs().unlink(ROOT, TOP + "/edu.jar");
        assertThat(errno(() -> t.read(TOP + "/.wh.edu.jar"))).isEqualTo(Errno.ENOENT);
        assertThat(errno(() -> t.write(TOP + "/.wh.x", "x"))).isEqualTo(Errno.EINVAL);
    }

    @Test
    void aMissingLowerLayerIsAnEmptyOne() {
        Kernel kernel = new Kernel(new KernelLog(), new SteppedScheduler());
        Path nowhere = host.resolve("nowhere");
        try (Vfs vfs =
                new Vfs(kernel, new SystemFolders("2", Optional.of(nowhere), Optional.of(nowhere.resolve("x"))))) {
            assertThat(vfs.readdir(ROOT, "/lib/modules/2")).isEmpty();
        }
        kernel.close();
    }
}
