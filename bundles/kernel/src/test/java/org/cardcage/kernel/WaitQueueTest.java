package org.cardcage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitQueueTest {

    private final LiveScheduler live = new LiveScheduler("test", (where, fault) -> {});
    private final WaitQueue queue = new WaitQueue(live, "a test");
    private final CancelToken cancel = new CancelToken();

    @AfterEach
    void end() {
        live.close();
    }

    private FutureTask<Void> sleeper(AtomicBoolean condition) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            queue.await(cancel, condition::get);
            return null;
        });
        new Thread(task, "sleeper").start();
        await().until(queue::hasSleepers);
        return task;
    }

    private static void fails(FutureTask<Void> task, Errno errno) {
        assertThatThrownBy(() -> task.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    @Test
    void wakesWhenTheConditionHolds() throws Exception {
        AtomicBoolean condition = new AtomicBoolean();
        FutureTask<Void> task = sleeper(condition);
        condition.set(true);
        queue.wakeUp();
        task.get(5, TimeUnit.SECONDS);
        assertThat(queue.hasSleepers()).isFalse();
    }

    @Test
    void aCancelledTokenEndsTheSleepWithItsErrno() {
        FutureTask<Void> task = sleeper(new AtomicBoolean());
        cancel.cancel(Errno.EBADF);
        fails(task, Errno.EBADF);
    }

    @Test
    void aKilledQueueEndsAllSleeps() {
        FutureTask<Void> task = sleeper(new AtomicBoolean());
        queue.kill(Errno.ENODEV);
        fails(task, Errno.ENODEV);
        assertThatThrownBy(() -> queue.await(new CancelToken(), () -> false)).hasMessageStartingWith("ENODEV");
    }

    @Test
    void anInterruptIsEintrAndTheFlagStays() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> queue.await(cancel, () -> false)).hasMessageStartingWith("EINTR");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anUninterruptibleSleepKeepsTheInterruptForLater() {
        Thread.currentThread().interrupt();
        assertThat(queue.awaitUninterruptibly(live.nanoTime() + 1_000_000, () -> false))
                .isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void onTheSteppedMachineADeadlinePassesAtOnce() {
        SteppedScheduler stepped = new SteppedScheduler();
        WaitQueue there = new WaitQueue(stepped, "nothing");
        long hour = TimeUnit.HOURS.toNanos(1);
        assertThat(there.await(cancel, hour, () -> false)).isFalse();
        assertThat(stepped.nanoTime()).isEqualTo(hour);
    }
}
