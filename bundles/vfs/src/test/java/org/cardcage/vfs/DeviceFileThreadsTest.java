package org.cardcage.vfs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.cardcage.vfs.VfsExtension.bytes;
import static org.cardcage.vfs.VfsExtension.errno;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.device.CharDevice;
import org.cardcage.kernel.device.CharDeviceSpec;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.Scheduler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What ends a call that sleeps in a driver, and who waits for whom. */
@Timeout(30)
class DeviceFileThreadsTest {

    @RegisterExtension
    final VfsExtension t = VfsExtension.live();

    private final KernelModule module = new KernelModule("edu");
    private TestDevice operations;
    private CharDevice device;
    private OpenFile file;

    /** A call on a thread of its own. */
    private static final class Caller<T> extends FutureTask<T> {
        private final Thread thread;

        Caller(Callable<T> call) {
            super(call);
            thread = new Thread(this, "caller");
            thread.start();
        }

        T result() throws Exception {
            return get(20, SECONDS);
        }
    }

    @BeforeEach
    void blockingDevice() {
        operations = new TestDevice(t.kernel().scheduler());
        operations.blocking = true;
        device = add(0, "edu0", operations);
        file = t.open("/dev/edu0", OpenFlag.READ, OpenFlag.WRITE);
    }

    private CharDevice add(int minor, String name, FileOperations ops) {
        CharDeviceSpec spec =
                new CharDeviceSpec(name, "edu", 0600, Optional.empty(), Optional.empty(), Optional.of(module), ops);
        return t.kernel().charDevices().add(246, minor, spec);
    }

    private Caller<Errno> reader() {
        Caller<Errno> reader = new Caller<>(() -> errno(() -> file.read(ByteBuffer.allocate(64))));
        return reader;
    }

    private void awaitSleeper() {
        await().until(operations.readers::hasSleepers);
    }

    private void awaitInside(int calls) {
        await().until(() -> device.gate().callers().size() == calls);
    }

    private static void awaitParked(Thread thread) {
        await().until(() -> thread.getState() == Thread.State.WAITING);
    }

    @Test
    void dataWakesAReader() throws Exception {
        Caller<Integer> reader = new Caller<>(() -> file.read(ByteBuffer.allocate(64)));
        awaitSleeper();
        operations.answer("now\n");
        assertThat(reader.result()).isEqualTo(4);
        file.close();
    }

    @Test
    void closeEndsAReaderWithEbadfAndReleasesOnTheClosingThread() throws Exception {
        Caller<Errno> reader = reader();
        awaitSleeper();
        file.close();
        assertThat(reader.result()).isEqualTo(Errno.EBADF);
        assertThat(operations.releasedOn).isSameAs(Thread.currentThread());
        assertThat(operations.releases).hasValue(1);
        assertThat(module.users()).isZero();
    }

    @Test
    void interruptEndsAReaderWithEintrAndTheFlagStays() throws Exception {
        Caller<Boolean> reader = new Caller<>(() -> {
            assertThat(errno(() -> file.read(ByteBuffer.allocate(64)))).isEqualTo(Errno.EINTR);
            return Thread.currentThread().isInterrupted();
        });
        awaitSleeper();
        reader.thread.interrupt();
        assertThat(reader.result()).isTrue();
        operations.answer("still open\n");
        assertThat(file.read(ByteBuffer.allocate(64))).isEqualTo(11);
        file.close();
    }

    @Test
    void removalEndsAReaderWithEnodevAndReleasesOnce() throws Exception {
        Caller<Errno> reader = reader();
        awaitSleeper();
        assertThat(t.kernel().charDevices().remove(device, Scheduler.NEVER)).isEmpty();
        assertThat(reader.result()).isEqualTo(Errno.ENODEV);
        assertThat(operations.releases).hasValue(1);
        file.close();
        assertThat(operations.releases).hasValue(1);
    }

    @Test
    void whoWaitsForThePositionIsEndedByCloseToo() throws Exception {
        Caller<Errno> first = reader();
        awaitSleeper();
        Caller<Errno> second = reader();
        awaitInside(2);
        file.close();
        assertThat(first.result()).isEqualTo(Errno.EBADF);
        assertThat(second.result()).isEqualTo(Errno.EBADF);
    }

    @Test
    void whoWaitsForThePositionIsEndedByRemovalToo() throws Exception {
        Caller<Errno> first = reader();
        awaitSleeper();
        Caller<Errno> second = reader();
        awaitInside(2);
        assertThat(t.kernel().charDevices().remove(device, Scheduler.NEVER)).isEmpty();
        assertThat(first.result()).isEqualTo(Errno.ENODEV);
        assertThat(second.result()).isEqualTo(Errno.ENODEV);
        file.close();
    }

    @Test
    void whoWaitsForThePositionIsEndedByInterruptToo() throws Exception {
        Caller<Integer> first = new Caller<>(() -> file.read(ByteBuffer.allocate(64)));
        awaitSleeper();
        Caller<Errno> second = reader();
        awaitInside(2);
        awaitParked(second.thread);
        second.thread.interrupt();
        assertThat(second.result()).isEqualTo(Errno.EINTR);
        operations.answer("x\n");
        assertThat(first.result()).isEqualTo(2);
        file.close();
    }

    @Test
    void positionalCallsAndCommandsDoNotWaitForASleepingReader() throws Exception {
        Caller<Integer> reader = new Caller<>(() -> file.read(ByteBuffer.allocate(64)));
        awaitSleeper();
        ByteBuffer out = ByteBuffer.allocate(4);
        assertThat(file.ioctl(TestDevice.FACT, ByteBuffer.allocate(4), out)).isZero();
        assertThat(file.pwrite(bytes("5"), 0)).isEqualTo(1);
        assertThat(reader.result()).isEqualTo(4);
        file.close();
    }

    @Test
    void readersOfOneFileTakeTurnsAndLoseNothing() throws Exception {
        operations.answer("0123456789".repeat(100));
        List<Caller<Integer>> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            readers.add(new Caller<>(() -> {
                int total = 0;
                int count;
                while ((count = file.read(ByteBuffer.allocate(1))) > 0) {
                    total += count;
                }
                return total;
            }));
        }
        int sum = 0;
        for (Caller<Integer> reader : readers) {
            sum += reader.result();
        }
        assertThat(sum).isEqualTo(1000);
        file.close();
    }

    @Test
    void closeWaitsForACallThatDoesNotHeedItsToken() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CharDevice stubborn = add(1, "edu1", new TestDevice(t.kernel().scheduler()) {
            @Override
            public int read(IoCall call, ByteBuffer to) {
                inside.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                to.put((byte) 'x');
                return 1;
            }
        });
        OpenFile f = t.open("/dev/edu1", OpenFlag.READ);
        Caller<Integer> reader = new Caller<>(() -> f.read(ByteBuffer.allocate(1)));
        inside.await();
        Caller<Boolean> closer = new Caller<>(() -> {
            f.close();
            return reader.isDone() || stubborn.gate().callers().isEmpty();
        });
        awaitParked(closer.thread);
        assertThat(stubborn.openFiles()).isEqualTo(1);
        go.countDown();
        assertThat(closer.result()).isTrue();
        assertThat(reader.result()).isEqualTo(1);
        assertThat(stubborn.openFiles()).isZero();
        file.close();
    }

    @Test
    void closeAndRemovalAtOnceReleaseOnce() throws Exception {
        operations.blocking = false;
        file.close();
        for (int i = 0; i < 300; i++) {
            TestDevice ops = new TestDevice(t.kernel().scheduler());
            CharDevice d = add(7, "edu7", ops);
            OpenFile f = t.open("/dev/edu7", OpenFlag.READ);
            Caller<Boolean> closer = new Caller<>(() -> {
                f.close();
                return true;
            });
            assertThat(t.kernel().charDevices().remove(d, Scheduler.NEVER)).isEmpty();
            assertThat(closer.result()).isTrue();
            assertThat(ops.releases).hasValue(1);
            assertThat(module.users()).isZero();
        }
    }
}
