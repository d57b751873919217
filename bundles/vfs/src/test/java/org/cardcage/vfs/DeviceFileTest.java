package org.cardcage.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cardcage.vfs.VfsExtension.ROOT;
import static org.cardcage.vfs.VfsExtension.bytes;
import static org.cardcage.vfs.VfsExtension.errno;
import static org.cardcage.vfs.VfsExtension.readAll;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.CharDevice;
import org.cardcage.kernel.device.CharDeviceSpec;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.Scheduler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One thread only; see {@link DeviceFileThreadsTest} for the others. */
class DeviceFileTest {

    @RegisterExtension
    final VfsExtension t = VfsExtension.stepped();

    private final KernelModule module = new KernelModule("edu");
    private TestDevice operations;
    private CharDevice device;

    @BeforeEach
    void device() {
        operations = new TestDevice(t.kernel().scheduler());
        CharDeviceSpec spec = new CharDeviceSpec(
                "edu0", "edu", 0600, Optional.empty(), Optional.empty(), Optional.of(module), operations);
        device = t.kernel().charDevices().add(246, 0, spec);
    }

    /** The table of calls and errnos measured on Linux with the EDU driver. */
    @Test
    void callsAnswerAsOnLinux() {
        OpenFile f = t.open("/dev/edu0", OpenFlag.READ, OpenFlag.WRITE);
        assertThat(f.read(ByteBuffer.allocate(64))).isEqualTo(11);
        assertThat(f.read(ByteBuffer.allocate(64))).isZero();
        assertThat(f.llseek(0, Whence.SET)).isZero();
        assertThat(f.read(ByteBuffer.allocate(2))).isEqualTo(2);
        assertThat(f.read(ByteBuffer.allocate(0))).isZero();
        assertThat(errno(() -> f.write(bytes("abc")))).isEqualTo(Errno.EINVAL);
        assertThat(errno(() -> f.write(bytes("")))).isEqualTo(Errno.EINVAL);
        assertThat(errno(() -> f.write(bytes("99999999999")))).isEqualTo(Errno.ERANGE);
        assertThat(errno(() -> f.write(bytes("-1")))).isEqualTo(Errno.EINVAL);
        f.llseek(0, Whence.SET);
        assertThat(f.pwrite(bytes("5\n"), 0)).isEqualTo(2);
        assertThat(readAll(f)).isEqualTo("120\n");
        assertThat(errno(() -> f.ioctl(0x1234, ByteBuffer.allocate(0), ByteBuffer.allocate(0))))
                .isEqualTo(Errno.ENOTTY);
        assertThat(errno(() -> f.ioctl(0x5401, ByteBuffer.allocate(0), ByteBuffer.allocate(0))))
                .isEqualTo(Errno.ENOTTY);
        assertThat(errno(() -> f.ioctl(TestDevice.FACT, ByteBuffer.allocate(3), ByteBuffer.allocate(4))))
                .isEqualTo(Errno.EFAULT);
        assertThat(errno(() -> f.ioctl(TestDevice.FACT, ByteBuffer.allocate(4), ByteBuffer.allocate(3))))
                .isEqualTo(Errno.EFAULT);
        assertThat(f.llseek(0, Whence.END)).isZero();
        assertThat(errno(() -> f.llseek(-1, Whence.SET))).isEqualTo(Errno.EINVAL);
        assertThat(errno(() -> f.truncate(0))).isEqualTo(Errno.EINVAL);
        assertThat(f.status().mode()).isEqualTo(020600);
        f.close();

        OpenFile reader = t.open("/dev/edu0", OpenFlag.READ);
        assertThat(errno(() -> reader.write(bytes("5")))).isEqualTo(Errno.EBADF);
        reader.close();
        OpenFile writer = t.open("/dev/edu0", OpenFlag.WRITE, OpenFlag.TRUNCATE);
        assertThat(errno(() -> writer.read(ByteBuffer.allocate(1)))).isEqualTo(Errno.EBADF);
        writer.close();
        assertThat(errno(() -> t.open("/dev/edu0", OpenFlag.READ, OpenFlag.CREATE, OpenFlag.EXCLUSIVE)))
                .isEqualTo(Errno.EEXIST);
        assertThat(errno(() -> t.open("/dev/edu0", OpenFlag.READ, OpenFlag.DIRECTORY)))
                .isEqualTo(Errno.ENOTDIR);
        assertThat(errno(() -> t.open("/dev/edu0/", OpenFlag.READ))).isEqualTo(Errno.ENOTDIR);
        assertThat(errno(() -> t.open("/dev/edu9", OpenFlag.READ))).isEqualTo(Errno.ENOENT);
    }

    @Test
    void shellRedirectionsOnlyOpenTheNode() {
        t.write("/dev/edu0", "5\n");
        try (OpenFile f = t.open("/dev/edu0", OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.APPEND)) {
            assertThat(f.write(bytes("5\n"))).isEqualTo(2);
        }
        assertThat(t.read("/dev/edu0")).isEqualTo("120\n");
    }

    @Test
    void readsAndWritesShareAPositionAndPositionalCallsHaveTheirOwn() {
        try (OpenFile f = t.open("/dev/edu0", OpenFlag.READ, OpenFlag.WRITE)) {
            f.write(bytes("5\n"));
            assertThat(f.llseek(0, Whence.CUR)).isEqualTo(2);
            ByteBuffer two = ByteBuffer.allocate(2);
            assertThat(f.pread(two, 1)).isEqualTo(2);
            assertThat(VfsExtension.text(two)).isEqualTo("20");
            assertThat(readAll(f)).isEqualTo("0\n");
        }
    }

    @Test
    void recordsOfCommandsAreLittleEndian() {
        try (OpenFile f = t.open("/dev/edu0", OpenFlag.READ)) {
            ByteBuffer in = ByteBuffer.wrap(new byte[] {5, 0, 0, 0});
            ByteBuffer out = ByteBuffer.allocate(8);
            assertThat(f.ioctl(TestDevice.FACT, in, out)).isZero();
            assertThat(out.array()).startsWith(120, 0, 0, 0);
            assertThat(out.position()).isEqualTo(4);
            assertThat(out.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
            assertThat(in.hasRemaining()).isFalse();
        }
    }

    @Test
    void openFilesUseTheModule() {
        OpenFile one = t.open("/dev/edu0", OpenFlag.READ);
        OpenFile two = t.open("/dev/edu0", OpenFlag.READ);
        assertThat(module.users()).isEqualTo(2);
        assertThat(one.privateData()).isEqualTo("mine");
        one.close();
        one.close();
        assertThat(module.users()).isEqualTo(1);
        two.close();
        assertThat(module.users()).isZero();
        assertThat(operations.opens).hasValue(2);
        assertThat(operations.releases).hasValue(2);
    }

    @Test
    void aGoingModuleIsNotOpened() {
        module.beginUnload(false);
        assertThat(errno(() -> t.open("/dev/edu0", OpenFlag.READ))).isEqualTo(Errno.ENXIO);
        assertThat(operations.opens).hasValue(0);
    }

    @Test
    void aRefusedOpenUsesNothingAndIsNotReleased() {
        CharDevice busy = t.kernel()
                .charDevices()
                .add(
                        246,
                        1,
                        new CharDeviceSpec(
                                "edu1",
                                "edu",
                                0600,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(module),
                                new TestDevice(t.kernel().scheduler()) {
                                    @Override
                                    public void open(OpenFile file) {
                                        throw new KernelException(Errno.EBUSY);
                                    }

                                    @Override
                                    public void release(OpenFile file) {
                                        throw new AssertionError("was never opened");
                                    }
                                }));
        assertThat(errno(() -> t.open("/dev/edu1", OpenFlag.READ))).isEqualTo(Errno.EBUSY);
        assertThat(module.users()).isZero();
        assertThat(busy.openFiles()).isZero();
        t.kernel().charDevices().remove(busy, Scheduler.NEVER);
        assertThat(module.isTainted()).isFalse();
    }

    @Test
    void aFaultOfTheDriverIsContained() {
        try (OpenFile f = t.open("/dev/edu0", OpenFlag.READ, OpenFlag.WRITE)) {
            assertThatThrownBy(() -> f.write(bytes("oops")))
                    .isInstanceOf(KernelException.class)
                    .hasMessageStartingWith("EIO: write of /dev/edu0");
            assertThat(module.isTainted()).isTrue();
            assertThat(t.logLines()).contains("Oops: write of /dev/edu0 in module edu");
            ByteBuffer none = ByteBuffer.allocate(0);
            assertThat(errno(() -> f.ioctl(TestDevice.OOPS, none, none))).isEqualTo(Errno.EIO);
            assertThat(f.write(bytes("5"))).isEqualTo(1);
        }
        assertThat(module.users()).isZero();
    }

    @Test
    void aDriverThatClaimsMoreThanItWasGivenIsAtFault() {
        t.kernel().charDevices().add(246, 1, CharDeviceSpec.of("liar", "liar", 0600, new FileOperations() {
            @Override
            public int read(IoCall call, ByteBuffer to) {
                return to.remaining() + 1;
            }
        }));
        try (OpenFile f = t.open("/dev/liar", OpenFlag.READ)) {
            assertThat(errno(() -> f.read(ByteBuffer.allocate(4)))).isEqualTo(Errno.EIO);
        }
    }

    @Test
    void missingOperationsAnswerAsLinux() {
        t.kernel().charDevices().add(246, 1, CharDeviceSpec.of("bare", "bare", 0600, new FileOperations() {}));
        try (OpenFile f = t.open("/dev/bare", OpenFlag.READ, OpenFlag.WRITE)) {
            assertThat(errno(() -> f.read(ByteBuffer.allocate(4)))).isEqualTo(Errno.EINVAL);
            assertThat(errno(() -> f.write(bytes("x")))).isEqualTo(Errno.EINVAL);
        }
    }

    @Test
    void nonBlockingFilesDoNotSleep() {
        operations.blocking = true;
        try (OpenFile f = t.open("/dev/edu0", OpenFlag.READ, OpenFlag.NONBLOCK)) {
            assertThat(f.isNonBlocking()).isTrue();
            assertThat(errno(() -> f.read(ByteBuffer.allocate(4)))).isEqualTo(Errno.EAGAIN);
        }
    }

    @Test
    void sleepersOfTheSteppedMachineAreWokenByEvents() {
        operations.blocking = true;
        Scheduler scheduler = t.kernel().scheduler();
        scheduler.schedule(1_000_000, () -> operations.answer("late\n"));
        assertThat(t.read("/dev/edu0")).isEqualTo("late\n");
        assertThat(scheduler.nanoTime()).isEqualTo(1_000_000);
    }

    @Test
    void afterTheRemovalOfTheDeviceEveryCallIsEnodev() {
        OpenFile f = t.open("/dev/edu0", OpenFlag.READ, OpenFlag.WRITE);
        assertThat(t.kernel().charDevices().remove(device, Scheduler.NEVER)).isEmpty();
        assertThat(operations.releases).hasValue(1);
        assertThat(module.users()).isZero();
        ByteBuffer four = ByteBuffer.allocate(4);
        assertThat(errno(() -> f.read(four))).isEqualTo(Errno.ENODEV);
        assertThat(errno(() -> f.write(four))).isEqualTo(Errno.ENODEV);
        assertThat(errno(() -> f.pread(four, 0))).isEqualTo(Errno.ENODEV);
        assertThat(errno(() -> f.ioctl(TestDevice.FACT, four, four))).isEqualTo(Errno.ENODEV);
        assertThat(errno(() -> f.llseek(0, Whence.SET))).isEqualTo(Errno.ENODEV);
        f.close();
        assertThat(operations.releases).hasValue(1);
        assertThat(errno(() -> f.read(four))).isEqualTo(Errno.EBADF);
        assertThat(errno(() -> t.vfs().stat(ROOT, "/dev/edu0"))).isEqualTo(Errno.ENOENT);
    }

    @Test
    void anOperationThatClosesItsOwnFileWouldWaitForItself() {
        t.kernel().charDevices().add(246, 1, CharDeviceSpec.of("suicidal", "suicidal", 0600, new FileOperations() {
            @Override
            public int read(IoCall call, ByteBuffer to) {
                call.file().close();
                return 0;
            }
        }));
        try (OpenFile f = t.open("/dev/suicidal", OpenFlag.READ)) {
            assertThat(errno(() -> f.read(ByteBuffer.allocate(4)))).isEqualTo(Errno.EDEADLK);
        }
    }
}
