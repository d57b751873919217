package org.cardcage.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardcage.vfs.VfsExtension.errno;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.CharDevice;
import org.cardcage.kernel.device.CharDeviceSpec;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Scheduler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Registers in the hands of a program. */
class MappingTest {

    @RegisterExtension
    final VfsExtension t = VfsExtension.stepped();

    private final AtomicInteger releases = new AtomicInteger();
    private final AtomicInteger flushes = new AtomicInteger();
    private CharDevice device;

    /** Each register has its offset as its value. */
    private static final class Registers extends IoMemory {
        @Override
        public long address() {
            return 0xfea00000L;
        }

        @Override
        public long length() {
            return 0x2000;
        }

        @Override
        public long read(long offset, int size) {
            return offset;
        }

        @Override
        public void write(long offset, int size, long value) {}

        @Override
        public void disconnect() {}

        @Override
        public void revoke(Supplier<? extends RuntimeException> reason) {}
    }

    @BeforeEach
    void device() {
        Registers registers = new Registers();
        FileOperations operations = new FileOperations() {
            @Override
            public IoMemory mmap(IoCall call, long length) {
                if (call.position() + length > registers.length()) {
                    throw new KernelException(Errno.EINVAL, "behind the registers");
                }
                return registers.window(call.position(), length);
            }

            @Override
            public void flush(IoCall call) {
                flushes.incrementAndGet();
            }

            @Override
            public void release(OpenFile file) {
                releases.incrementAndGet();
            }
        };
        device = t.kernel().charDevices().add(246, 0, CharDeviceSpec.of("edu0", "edu", 0600, operations));
    }

    private OpenFile open() {
        return t.open("/dev/edu0", OpenFlag.READ, OpenFlag.WRITE);
    }

    @Test
    void aMappingReadsTheRegistersFromItsOffset() {
        try (OpenFile file = open();
                FileMapping mapping = file.mmap(0x1000, 0x1000)) {
            assertThat(mapping.memory().read32(8)).isEqualTo(0x1008);
            assertThat(mapping.memory().length()).isEqualTo(0x1000);
        }
    }

    @Test
    void theFileIsReleasedWhenItIsClosedAndNoMappingIsLeft() {
        OpenFile file = open();
        FileMapping mapping = file.mmap(0, 0x1000);
        file.close();
        assertThat(flushes).hasValue(1);
        assertThat(releases).hasValue(0);
        assertThat(mapping.memory().read32(4)).isEqualTo(4);
        assertThat(device.openFiles()).isEqualTo(1);

        mapping.close();
        mapping.close();
        assertThat(releases).hasValue(1);
        assertThat(device.openFiles()).isZero();
        assertThat(errno(() -> mapping.memory().read32(4))).isEqualTo(Errno.EFAULT);
    }

    @Test
    void aDeviceThatGoesReleasesTheFileDespiteItsMapping() {
        OpenFile file = open();
        FileMapping mapping = file.mmap(0, 0x1000);
        t.kernel().charDevices().remove(device, Scheduler.NEVER);
        assertThat(releases).hasValue(1);
        file.close();
        mapping.close();
        assertThat(releases).hasValue(1);
    }

    @Test
    void whatCannotBeMappedIsRefusedAsOnLinux() {
        OpenFile file = open();
        assertThat(errno(() -> file.mmap(100, 0x1000))).isEqualTo(Errno.EINVAL);
        assertThat(errno(() -> file.mmap(0, 0))).isEqualTo(Errno.EINVAL);
        assertThat(errno(() -> file.mmap(0x2000, 0x1000))).isEqualTo(Errno.EINVAL);
        assertThat(errno(() -> t.open("/dev/edu0", OpenFlag.READ).mmap(0, 0x1000)))
                .isEqualTo(Errno.EACCES);
        assertThat(errno(
                        () -> t.open("/dev/null", OpenFlag.READ, OpenFlag.WRITE).mmap(0, 0x1000)))
                .isEqualTo(Errno.ENODEV);
    }

    @Test
    void nothingCanBeSynchronisedUnlessTheDriverDoesIt() {
        assertThat(errno(() -> open().fsync(false))).isEqualTo(Errno.EINVAL);
    }
}
