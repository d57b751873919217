package org.cardcage.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.cardcage.vfs.VfsExtension.ROOT;
import static org.cardcage.vfs.VfsExtension.bytes;
import static org.cardcage.vfs.VfsExtension.errno;
import static org.cardcage.vfs.VfsExtension.readAll;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.cardcage.kernel.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class HostFsTest {

    @RegisterExtension
    final VfsExtension t = VfsExtension.stepped();

    @TempDir
    Path host;

    private String at(String name) throws IOException {
        return "/host" + host.toRealPath() + "/" + name;
    }

    @Test
    void showsTheFilesOfTheHost() throws IOException {
        Files.writeString(host.resolve("f"), "from the host");
        assertThat(t.read(at("f"))).isEqualTo("from the host");
        t.write(at("f"), "x");
        t.write(at("g"), "to the host");
        assertThat(host.resolve("f")).hasContent("x");
        assertThat(host.resolve("g")).hasContent("to the host");
        assertThat(t.names(at(""))).containsExactly("f", "g");
        assertThat(t.vfs().stat(ROOT, at("g")).permissions()).isEqualTo(0644);
    }

    @Test
    void namesWithBlanksAndUmlautsWork() throws IOException {
        assumeThat(System.getProperty("sun.jnu.encoding")).isEqualTo("UTF-8");
        t.vfs().mkdir(ROOT, at("über uns"), 0755);
        t.write(at("über uns/grüße an alle.txt"), "ü");
        assertThat(host.resolve("über uns/grüße an alle.txt")).hasContent("ü");
        assertThat(t.names(at("über uns"))).containsExactly("grüße an alle.txt");
    }

    @Test
    void namesWithBlanksWorkInAnyLocale() throws IOException {
        t.write(at("two words"), "x");
        assertThat(host.resolve("two words")).hasContent("x");
    }

    @Test
    void absoluteLinksOfTheHostLeadToTheHostsFiles() throws IOException {
        Files.writeString(host.resolve("f"), "target");
        Files.createSymbolicLink(host.resolve("l"), host.toRealPath().resolve("f"));
        assertThat(t.read(at("l"))).isEqualTo("target");
        assertThat(t.vfs().readlink(ROOT, at("l"))).isEqualTo(host.toRealPath() + "/f");
        assertThat(t.vfs().realpath(ROOT, at("l"))).isEqualTo(at("f"));
    }

    @Test
    void linksOfTheHostDoNotLeaveIt() throws IOException {
        Files.createSymbolicLink(host.resolve("up"), Path.of("../".repeat(40) + "proc"));
        Files.createSymbolicLink(host.resolve("dev"), Path.of("/dev"));
        assertThat(t.vfs().realpath(ROOT, at("up"))).isEqualTo("/host/proc");
        assertThat(t.vfs().realpath(ROOT, at("dev"))).isEqualTo("/host/dev");
        assertThat(t.vfs().realpath(ROOT, "/host/..")).isEqualTo("/");
        t.vfs().unlink(ROOT, at("up"));
        t.vfs().unlink(ROOT, at("dev"));
    }

    @Test
    void directoriesLinksAndRemovalReachTheHost() throws IOException {
        t.vfs().mkdir(ROOT, at("d"), 0750);
        t.vfs().symlink(ROOT, "d", at("l"));
        t.write(at("d/f"), "x");
        assertThat(host.resolve("l")).isSymbolicLink();
        assertThat(errno(() -> t.vfs().rmdir(ROOT, at("d")))).isEqualTo(Errno.ENOTEMPTY);
        assertThat(errno(() -> t.vfs().mkdir(ROOT, at("d"), 0755))).isEqualTo(Errno.EEXIST);
        assertThat(errno(() -> t.vfs().unlink(ROOT, at("d")))).isEqualTo(Errno.EISDIR);
        assertThat(errno(() -> t.vfs().mknod(ROOT, at("n"), 0600, 1, 3))).isEqualTo(Errno.EPERM);
        t.vfs().rename(ROOT, at("d/f"), at("g"));
        t.vfs().rmdir(ROOT, at("d"));
        t.vfs().unlink(ROOT, at("l"));
        assertThat(t.names(at(""))).containsExactly("g");
        assertThat(errno(() -> t.vfs().rename(ROOT, at("g"), "/tmp/g"))).isEqualTo(Errno.EXDEV);
    }

    @Test
    void modesTimesAndInodesAreTheHosts() throws IOException {
        Path f = Files.writeString(host.resolve("f"), "x");
        Instant then = Instant.parse("2001-02-03T04:05:06Z");
        t.vfs().chmod(ROOT, at("f"), 0604);
        t.vfs().utimes(ROOT, at("f"), then);
        assertThat(Files.getLastModifiedTime(f).toInstant()).isEqualTo(then);
        assertThat((int) Files.getAttribute(f, "unix:mode")).isEqualTo(0100604);
        assertThat(t.vfs().stat(ROOT, at("f")).inode()).isEqualTo((long) Files.getAttribute(f, "unix:ino"));
    }

    @Test
    void refusalsOfTheHostBecomeErrnos() throws IOException {
        assumeThat(System.getProperty("user.name")).isNotEqualTo("root");
        Path locked = Files.createDirectory(host.resolve("locked"));
        t.vfs().chmod(ROOT, at("locked"), 0);
        try {
            assertThat(errno(() -> t.vfs().readdir(ROOT, at("locked")))).isEqualTo(Errno.EACCES);
            assertThat(errno(() -> t.write(at("locked/f"), "x"))).isEqualTo(Errno.EACCES);
        } finally {
            t.vfs().chmod(ROOT, at("locked"), 0700);
        }
        assertThat(locked).isEmptyDirectory();
    }

    @Test
    void devicesOfTheHostAreTheHosts() {
        FileStatus status = t.vfs().stat(ROOT, "/host/dev/null");
        assertThat(status.type()).isEqualTo(FileType.CHAR_DEVICE);
        assertThat(status.major()).isEqualTo(1);
        assertThat(status.minor()).isEqualTo(3);
        assertThat(t.read("/host/dev/null")).isEmpty();
        t.write("/host/dev/null", "x");
        try (OpenFile full = t.open("/host/dev/full", OpenFlag.WRITE)) {
            assertThat(errno(() -> full.write(bytes("x")))).isEqualTo(Errno.ENOSPC);
        }
    }

    @Test
    void appendAndTruncateReachTheHost() throws IOException {
        Files.writeString(host.resolve("f"), "abc");
        try (OpenFile f = t.open(at("f"), OpenFlag.READ, OpenFlag.WRITE, OpenFlag.APPEND)) {
            f.write(bytes("def"));
            f.truncate(4);
            f.truncate(6);
            f.llseek(0, Whence.SET);
            assertThat(readAll(f)).isEqualTo("abcd\0\0");
            assertThat(f.status().size()).isEqualTo(6);
        }
    }
}
