package org.cardcage.edu.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.cardcage.edu.device.EduDevice;
import org.cardcage.edu.device.EduOptions;
import org.cardcage.edu.uapi.CalcFact;
import org.cardcage.edu.uapi.EduIoctl;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.pci.PciBus;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What several threads do to the driver, on real time. */
class EduDriverLiveTest {

    private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    private final LiveScheduler scheduler = new LiveScheduler("live-test", (where, fault) -> faults.add(fault));
    private final Lab lab = new Lab(scheduler);

    @AfterEach
    void end() {
        lab.close();
        scheduler.close();
        assertThat(faults).isEmpty();
        assertThat(lab.module.isTainted()).isFalse();
    }

    private record Running<T>(Thread thread, FutureTask<T> task) {

        static <T> Running<T> start(Callable<T> body) {
            FutureTask<T> task = new FutureTask<>(body);
            Thread thread = new Thread(task, "user");
            thread.start();
            return new Running<>(thread, task);
        }

        /** Returns once the thread sleeps in the driver. */
        Running<T> asleep() {
            await().until(() -> "the EDU card's result".equals(LockSupport.getBlocker(thread)));
            return this;
        }

        T result() throws Exception {
            return task.get(10, TimeUnit.SECONDS);
        }

        void failsWith(Errno errno) {
            assertThatThrownBy(this::result)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            KernelException.class, e -> assertThat(e.errno()).isEqualTo(errno));
        }
    }

    private PciBus.Registration waiting() throws InterruptedException {
        return lab.withCards(EduOptions.DEFAULT).insmod(Map.of("read_mode", "2"));
    }

    private Running<Integer> reader(OpenFile file) {
        return Running.start(() -> file.read(ByteBuffer.allocate(64))).asleep();
    }

    @Test
    void aSleepingReaderIsWokenByTheWriteOfAnother() throws Exception {
        waiting();
        try (OpenFile file = lab.open("/dev/edu0", OpenFlag.READ)) {
            Running<Integer> reader = reader(file);
            lab.echo("6", "/dev/edu0");
            assertThat(reader.result()).isEqualTo(4);
        }
    }

    @Test
    void closingTheFileEndsTheReadWithEbadf() throws Exception {
        waiting();
        OpenFile file = lab.open("/dev/edu0", OpenFlag.READ);
        Running<Integer> reader = reader(file);
        file.close();
        reader.failsWith(Errno.EBADF);
        assertThat(lab.module.users()).isZero();
    }

    @Test
    void anInterruptEndsTheReadWithEintr() throws Exception {
        waiting();
        try (OpenFile file = lab.open("/dev/edu0", OpenFlag.READ)) {
            Running<Integer> reader = reader(file);
            reader.thread().interrupt();
            reader.failsWith(Errno.EINTR);
        }
    }

    @Test
    void unloadingWakesSleepersWithEnodevAndReturns() throws Exception {
        PciBus.Registration registration = waiting();
        OpenFile file = lab.open("/dev/edu0", OpenFlag.READ);
        Running<Integer> reader = reader(file);
        assertThat(registration.unregister()).isTrue();
        reader.failsWith(Errno.ENODEV);
        file.close();
        assertThat(lab.module.isTainted()).isFalse();
    }

    @Test
    void pullingTheCardWakesSleepersWithEnodev() throws Exception {
        waiting();
        OpenFile file = lab.open("/dev/edu0", OpenFlag.READ);
        Running<Integer> reader = reader(file);
        lab.board.unplug(Lab.SLOT);
        reader.failsWith(Errno.ENODEV);
        lab.settle();
        assertThat(lab.exists("/dev/edu0")).isFalse();
        file.close();
    }

    @Test
    void computationsOfManyThreadsNeverMixUp() throws Exception {
        lab.withCards(EduOptions.DEFAULT).insmod();
        List<Running<Integer>> users = new ArrayList<>();
        for (int user = 0; user < 4; user++) {
            int operand = 3 + user;
            users.add(Running.start(() -> {
                try (OpenFile file = lab.open("/dev/edu0", OpenFlag.READ, OpenFlag.WRITE)) {
                    return repeatedly(file, operand);
                }
            }));
        }
        int[] factorials = {6, 24, 120, 720};
        for (int user = 0; user < 4; user++) {
            assertThat(users.get(user).result()).isEqualTo(factorials[user]);
        }
    }

    private static int repeatedly(OpenFile file, int operand) {
        int first = calculate(file, operand);
        for (int round = 0; round < 500; round++) {
            assertThat(calculate(file, operand)).isEqualTo(first);
        }
        return first;
    }

    private static int calculate(OpenFile file, int operand) {
        ByteBuffer out = ByteBuffer.allocate(8);
        file.ioctl(EduIoctl.CALC_FACT, CalcFact.of(operand).toBuffer(), out);
        return CalcFact.from(out.flip()).result();
    }

    @Test
    void readersAndWritersOfOneFileNeverHurtTheDriver() throws Exception {
        lab.withCards(EduOptions.DEFAULT).insmod();
        try (OpenFile file = lab.open("/dev/edu0", OpenFlag.READ, OpenFlag.WRITE)) {
            List<Running<Integer>> users = new ArrayList<>();
            for (int user = 0; user < 2; user++) {
                users.add(Running.start(() -> {
                    int bytes = 0;
                    for (int round = 0; round < 3000; round++) {
                        file.pwrite(Lab.line("5"), 0);
                        bytes += file.pread(ByteBuffer.allocate(3), 0);
                        bytes += continued(file);
                    }
                    return bytes;
                }));
            }
            for (Running<Integer> user : users) {
                assertThat(user.result()).isPositive();
            }
        }
    }

    /** Another thread may have begun a new text meanwhile, so that nothing goes on here. */
    private static int continued(OpenFile file) {
        try {
            return file.pread(ByteBuffer.allocate(64), 3);
        } catch (KernelException e) {
            assertThat(e.errno()).isEqualTo(Errno.EINVAL);
            return 0;
        }
    }

    @Test
    void loadingAndUnloadingWhileOthersUseTheNodeGivesNothingButEnodevAndEnoent() throws Exception {
        lab.withCards(EduOptions.DEFAULT);
        List<Errno> allowed = List.of(Errno.ENODEV, Errno.ENOENT, Errno.ENXIO);
        boolean[] stop = {false};
        Running<Integer> user = Running.start(() -> {
            int answers = 0;
            while (!stopped(stop)) {
                try (OpenFile file = lab.open("/dev/edu0", OpenFlag.READ, OpenFlag.WRITE)) {
                    assertThat(calculate(file, 5)).isEqualTo(120);
                    answers++;
                } catch (KernelException e) {
                    assertThat(allowed).contains(e.errno());
                }
            }
            return answers;
        });
        for (int round = 0; round < 100; round++) {
            assertThat(lab.insmod().unregister()).isTrue();
        }
        synchronized (stop) {
            stop[0] = true;
        }
        user.result();
        assertThat(lab.module.isTainted()).isFalse();
        assertThat(lab.module.users()).isZero();
    }

    private static boolean stopped(boolean[] stop) {
        synchronized (stop) {
            return stop[0];
        }
    }

    @Test
    void aCardSwappedUnderAnOpenFileComesBackWithANewNode() throws Exception {
        lab.withCards(EduOptions.DEFAULT).insmod();
        OpenFile old = lab.open("/dev/edu0", OpenFlag.READ);
        lab.board.unplug(Lab.SLOT);
        lab.settle();
        lab.board.plug(Lab.SLOT, new EduDevice());
        lab.settle();
        assertThatThrownBy(() -> old.read(ByteBuffer.allocate(4))).hasMessageStartingWith("ENODEV");
        old.close();
        assertThat(lab.cat("/dev/edu0")).isEqualTo("0x010000ed\n");
    }
}
