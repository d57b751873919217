package org.cardcage.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardcage.vfs.VfsExtension.NOBODY;
import static org.cardcage.vfs.VfsExtension.ROOT;
import static org.cardcage.vfs.VfsExtension.bytes;
import static org.cardcage.vfs.VfsExtension.errno;
import static org.cardcage.vfs.VfsExtension.readAll;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.proc.ProcFile;
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

    @Test
    void bytesAreReadAndWrittenAtPositionsAsTheEntryHasThem() {
        byte[] content = {1, 2, 3, 4};
        t.kernel().proc().add("bus/pci/00/04.0", 0644, new ProcFile() {
            @Override
            public long size() {
                return content.length;
            }

            @Override
            public int read(ByteBuffer to, long position, CancelToken cancel) {
                int count = Math.min(to.remaining(), content.length - (int) position);
                to.put(content, (int) position, count);
                return count;
            }
        });
        FileStatus status = t.vfs().stat(ROOT, "/proc/bus/pci/00/04.0");
        assertThat(status.size()).isEqualTo(4);
        assertThat(status.mode()).isEqualTo(0100644);
        try (OpenFile file = t.open("/proc/bus/pci/00/04.0", OpenFlag.READ, OpenFlag.WRITE)) {
            ByteBuffer to = ByteBuffer.allocate(2);
            assertThat(file.pread(to, 1)).isEqualTo(2);
            assertThat(to.array()).containsExactly(2, 3);
            assertThat(file.llseek(0, Whence.END)).isEqualTo(4);
            assertThat(errno(() -> file.write(bytes("x")))).isEqualTo(Errno.EIO);
        }
    }

    @Test
    void eachMessageOfTheKernelIsReadOnce() {
        t.kernel().logger("edu").warn("hot");
        t.kernel().logger("edu").info("cold");
        try (OpenFile file = t.open("/proc/kmsg", OpenFlag.READ)) {
            ByteBuffer to = ByteBuffer.allocate(4096);
            file.read(to);
            assertThat(VfsExtension.text(to)).matches("(?s).*<4>\\[ +\\d+\\.\\d{6}] edu: hot\n<6>\\[.*] edu: cold\n");
            t.kernel().scheduler().schedule(1000, () -> t.kernel().logger("edu").error("later"));
            to.clear();
            file.read(to);
            assertThat(VfsExtension.text(to)).startsWith("<3>").endsWith("edu: later\n");
        }
        assertThat(errno(() -> t.openAs(NOBODY, "/proc/kmsg", OpenFlag.READ))).isEqualTo(Errno.EACCES);
    }
}
