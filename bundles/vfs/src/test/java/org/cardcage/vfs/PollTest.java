package org.cardcage.vfs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.cardcage.vfs.VfsExtension.errno;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kernel.device.CharDevice;
import org.cardcage.kernel.device.CharDeviceSpec;
import org.cardcage.machine.Scheduler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Polling and being told, without and with sleep. */
@Timeout(60)
class PollTest {

    private static final Set<PollEvent> IN = EnumSet.of(PollEvent.IN);

    @RegisterExtension
    final VfsExtension t = VfsExtension.live();

    private CharDevice device;
    private Letterbox letterbox;

    /** Can be read when there is a letter. */
    private static final class Letterbox implements FileOperations {

        final WaitQueue queue;
        final FasyncList listeners = new FasyncList();
        final AtomicInteger asyncs = new AtomicInteger();
        volatile boolean letter;
        volatile boolean broken;

        Letterbox(Scheduler scheduler) {
            queue = new WaitQueue(scheduler, "a letter");
        }

        void deliver() {
            letter = true;
            queue.wakeUp();
            listeners.kill(PollEvent.IN);
        }

        @Override
        public Set<PollEvent> poll(OpenFile file, PollTable table) {
            table.watch(queue);
            return letter ? IN : Set.of();
        }

        @Override
        public void fasync(OpenFile file, boolean on) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            asyncs.addAndGet(on ? 1 : -1);
            listeners.set(file, on);
        }
    }

    @BeforeEach
    void device() {
        letterbox = new Letterbox(t.kernel().scheduler());
        device = t.kernel().charDevices().add(246, 0, CharDeviceSpec.of("letters", "letters", 0600, letterbox));
    }

    private OpenFile open() {
        return t.open("/dev/letters", OpenFlag.READ);
    }

    private List<Set<PollEvent>> poll(long deadline, OpenFile... files) {
        return t.vfs()
                .poll(
                        List.of(files).stream()
                                .map(file -> new PollRequest(file, IN))
                                .toList(),
                        deadline);
    }

    private static <T> FutureTask<T> start(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        new Thread(task, "poller").start();
        return task;
    }

    @Test
    void aPollWithoutTimeSaysWhatHoldsNow() {
        OpenFile file = open();
        OpenFile nothing = t.open("/dev/null", OpenFlag.READ);
        assertThat(poll(0, file)).containsExactly(Set.of());
        letterbox.letter = true;
        assertThat(poll(0, file, nothing)).containsExactly(IN, IN);
    }

    @Test
    void aPollOfSeveralFilesEndsWithTheFirstThatIsReady() throws Exception {
        OpenFile file = open();
        Letterbox other = new Letterbox(t.kernel().scheduler());
        t.kernel().charDevices().add(246, 1, CharDeviceSpec.of("other", "other", 0600, other));
        OpenFile silent = t.open("/dev/other", OpenFlag.READ);

        FutureTask<List<Set<PollEvent>>> poller = start(() -> poll(Scheduler.NEVER, silent, file));
        await().until(() -> letterbox.queue.hasListeners() && other.queue.hasListeners());
        letterbox.deliver();

        assertThat(poller.get(30, SECONDS)).containsExactly(Set.of(), IN);
        assertThat(letterbox.queue.hasListeners() || other.queue.hasListeners()).isFalse();
    }

    @Test
    void aPollEndsWhenItsTimeIsOver() {
        assertThat(poll(t.kernel().nanoTime() + 1_000_000, open())).containsExactly(Set.of());
    }

    @Test
    void aPollEndsWithHupWhenTheDeviceGoes() throws Exception {
        OpenFile file = open();
        FutureTask<List<Set<PollEvent>>> poller = start(() -> poll(Scheduler.NEVER, file));
        await().until(() -> letterbox.queue.hasListeners());

        assertThat(t.kernel().charDevices().remove(device, Scheduler.NEVER)).isEmpty();

        Set<PollEvent> gone = EnumSet.of(PollEvent.ERR, PollEvent.HUP);
        assertThat(poller.get(30, SECONDS)).containsExactly(gone);
        assertThat(file.poll()).isEqualTo(gone);
        assertThat(PollEvent.mask(gone)).isEqualTo(0x18);
    }

    @Test
    void aPollEndsWithNvalWhenTheFileIsClosed() throws Exception {
        OpenFile file = open();
        FutureTask<List<Set<PollEvent>>> poller = start(() -> poll(Scheduler.NEVER, file));
        await().until(() -> letterbox.queue.hasListeners());
        file.close();
        assertThat(poller.get(30, SECONDS)).containsExactly(EnumSet.of(PollEvent.NVAL));
    }

    @Test
    void anInterruptEndsAPollWithEintr() throws Exception {
        OpenFile file = open();
        FutureTask<Errno> poller = start(() -> errno(() -> {
            Thread.currentThread().interrupt();
            poll(Scheduler.NEVER, file);
        }));
        assertThat(poller.get(30, SECONDS)).isEqualTo(Errno.EINTR);
    }

    @Test
    void eventsAreToldInOrderUntilTheFileIsClosed() {
        OpenFile file = open();
        List<PollEvent> told = Collections.synchronizedList(new ArrayList<>());
        file.setAsync(Optional.of(told::add));
        letterbox.deliver();
        letterbox.listeners.kill(PollEvent.PRI);
        await().until(() -> told.size() == 2);
        assertThat(told).containsExactly(PollEvent.IN, PollEvent.PRI);
        assertThat(letterbox.asyncs).hasValue(1);

        file.setAsync(Optional.of(event -> {}));
        assertThat(letterbox.asyncs).as("only the handler is another one").hasValue(1);
        file.close();
        assertThat(letterbox.asyncs).hasValue(0);
    }

    @Test
    void aDriverThatFailsWhileTheHandlerGoesDoesNotKeepTheFile() {
        OpenFile file = open();
        file.setAsync(Optional.of(event -> {}));
        letterbox.broken = true;
        assertThat(errno(file::close)).isEqualTo(Errno.EIO);
        assertThat(device.openFiles()).isZero();
    }
}
