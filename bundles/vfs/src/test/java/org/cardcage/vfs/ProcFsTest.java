package org.cardcage.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardcage.vfs.VfsExtension.NOBODY;
import static org.cardcage.vfs.VfsExtension.ROOT;
import static org.cardcage.vfs.VfsExtension.bytes;
import static org.cardcage.vfs.VfsExtension.errno;
import static org.cardcage.vfs.VfsExtension.readAll;

import java.util.concurrent.atomic.AtomicInteger;
import org.cardcage.kernel.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProcFsTest {

    @RegisterExtension
    final VfsExtension t = VfsExtension.stepped();

    @Test
    void entriesAndTheDirectoriesTheyImplyComeAndGo() {
        Runnable remove = t.kernel().proc().add("bus/pci/devices", () -> "text\n");
        assertThat(t.names("/proc")).contains("bus", "devices", "interrupts", "mounts", "version");
        assertThat(t.names("/proc/bus/pci")).containsExactly("devices");
        assertThat(t.read("/proc/bus/pci/devices")).isEqualTo("text\n");
        FileStatus status = t.vfs().stat(ROOT, "/proc/bus/pci/devices");
        assertThat(status.mode()).isEqualTo(0100444);
        assertThat(status.size()).isZero();
        remove.run();
        assertThat(t.names("/proc")).doesNotContain("bus");
        assertThat(errno(() -> t.read("/proc/bus/pci/devices"))).isEqualTo(Errno.ENOENT);
    }

    @Test
    void aTextIsMadeOncePerOpen() {
        AtomicInteger asked = new AtomicInteger();
        t.kernel().proc().add("count", () -> "asked " + asked.incrementAndGet());
        try (OpenFile f = t.open("/proc/count", OpenFlag.READ)) {
            assertThat(readAll(f)).isEqualTo("asked 1");
            f.llseek(0, Whence.SET);
            assertThat(readAll(f)).isEqualTo("asked 1");
        }
        assertThat(t.read("/proc/count")).isEqualTo("asked 2");
    }

    @Test
    void writingIsRefused() {
        assertThat(errno(() -> t.openAs(NOBODY, "/proc/devices", OpenFlag.WRITE)))
                .isEqualTo(Errno.EACCES);
        try (OpenFile f = t.open("/proc/devices", OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.TRUNCATE)) {
            assertThat(errno(() -> f.write(bytes("x")))).isEqualTo(Errno.EIO);
        }
        assertThat(errno(() -> t.open("/proc/x", OpenFlag.WRITE, OpenFlag.CREATE)))
                .isEqualTo(Errno.ENOENT);
        assertThat(errno(() -> t.vfs().unlink(ROOT, "/proc/devices"))).isEqualTo(Errno.EPERM);
    }

    @Test
    void devicesListsMajorNumbersLikeLinux() {
        assertThat(t.kernel().charDevices().registerRegion("edu")).isEqualTo(254);
        t.kernel().charDevices().registerRegion(10, "misc");
        assertThat(t.read("/proc/devices"))
                .isEqualTo("Character devices:\n  1 mem\n 10 misc\n254 edu\n\nBlock devices:\n");
    }

    @Test
    void mountsNamesWhatIsMounted() {
        assertThat(t.read("/proc/mounts"))
                .contains("tmpfs / tmpfs rw 0 0\n", "devtmpfs /dev devtmpfs rw 0 0\n", "proc /proc proc rw 0 0\n");
    }

    @Test
    void aFaultInATextIsContained() {
        t.kernel().proc().add("broken", () -> {
            throw new IllegalStateException("boom");
        });
        assertThat(errno(() -> t.read("/proc/broken"))).isEqualTo(Errno.EIO);
        assertThat(t.logLines()).anyMatch(line -> line.contains("boom"));
    }
}
