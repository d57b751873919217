package org.cardcage.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LiveSchedulerTest {

    private static final long SECOND = 1_000_000_000;

    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final LiveScheduler scheduler = new LiveScheduler("test", (where, t) -> faults.add(where + ": " + t));

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void aLaneRunsOneTaskAtATimeInOrder() throws InterruptedException {
        Lane lane = scheduler.lane("lane");
        AtomicInteger inside = new AtomicInteger();
        ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
        AtomicBoolean overlapped = new AtomicBoolean();
        for (int i = 0; i < 1000; i++) {
            int number = i;
            lane.execute(() -> {
                overlapped.compareAndSet(false, inside.incrementAndGet() != 1);
                order.add(number);
                inside.decrementAndGet();
            });
        }

        assertThat(scheduler.settle(scheduler.nanoTime() + 20 * SECOND)).isTrue();
        assertThat(List.copyOf(order)).hasSize(1000).isSorted();
        assertThat(overlapped).isFalse();
        lane.close();
    }

    @Test
    void aHungLaneHoldsUpNobodyButSettle() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Lane hung = scheduler.lane("hung");
        hung.execute(() -> {
            entered.countDown();
            try {
                leave.await();
            } catch (InterruptedException e) {
                faults.add("interrupted");
            }
        });
        entered.await();
        CountDownLatch other = new CountDownLatch(1);
        scheduler.lane("other").execute(other::countDown);

        assertThat(other.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(hung.runner().getName()).isEqualTo("test-hung");
        assertThat(scheduler.settle(scheduler.nanoTime() + SECOND / 50)).isFalse();
        leave.countDown();
        assertThat(scheduler.settle(scheduler.nanoTime() + 10 * SECOND)).isTrue();
        assertThat(hung.runner()).isNull();
    }

    @Test
    void whatATaskThrowsIsReportedAndTheLaneGoesOn() throws InterruptedException {
        CountDownLatch next = new CountDownLatch(1);
        Lane lane = scheduler.lane("lane");
        lane.execute(() -> {
            throw new IllegalStateException("smoke");
        });
        lane.execute(next::countDown);

        assertThat(next.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(faults).singleElement().asString().contains("lane", "smoke");
    }

    @Test
    void aTimerRunsNotBeforeItsDeadline() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        long deadline = scheduler.nanoTime() + SECOND / 100;
        long[] at = new long[1];
        scheduler.schedule(deadline, () -> {
            at[0] = scheduler.nanoTime();
            ran.countDown();
        });

        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(at[0]).isGreaterThanOrEqualTo(deadline);
    }

    @Test
    void aTimerCanBeCancelledOnce() {
        Timer timer = scheduler.schedule(scheduler.nanoTime() + 3600 * SECOND, () -> faults.add("ran"));

        assertThat(List.of(timer.cancel(), timer.cancel())).containsExactly(true, false);
    }

    @Test
    void timersRunInTheOrderOfTheirDeadlinesHoweverTheyCome() throws InterruptedException {
        ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
        CountDownLatch ran = new CountDownLatch(3);
        long now = scheduler.nanoTime();
        scheduler.schedule(now + 3600 * SECOND, () -> faults.add("much too early"));
        for (int number : List.of(3, 1, 2)) {
            scheduler.schedule(now + SECOND / 5 + number, () -> {
                order.add(number);
                ran.countDown();
            });
        }

        assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(List.copyOf(order)).containsExactly(1, 2, 3);
        assertThat(faults).isEmpty();
    }

    @Test
    void aTimerIsInTimeAlthoughTheOneThatTheThreadSleptForWasCancelled() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(2);
        scheduler.schedule(scheduler.nanoTime() + SECOND / 50, ran::countDown);
        Timer guard = scheduler.schedule(scheduler.nanoTime() + 3600 * SECOND, () -> faults.add("ran"));
        assertThat(guard.cancel()).isTrue();
        scheduler.schedule(scheduler.nanoTime() + SECOND / 10, ran::countDown);

        assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatATimerThrowsIsReportedAndTheOthersRun() throws InterruptedException {
        CountDownLatch next = new CountDownLatch(1);
        scheduler.schedule(scheduler.nanoTime(), () -> {
            throw new IllegalStateException("smoke");
        });
        scheduler.schedule(scheduler.nanoTime() + 1, next::countDown);

        assertThat(next.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(faults).singleElement().asString().contains("timer", "smoke");
    }

    @Test
    void noTimerRunsAfterTheEndOfTime() {
        Timer waiting = scheduler.schedule(scheduler.nanoTime() + 3600 * SECOND, () -> faults.add("ran"));
        scheduler.close();
        Timer late = scheduler.schedule(scheduler.nanoTime(), () -> faults.add("ran"));

        assertThat(List.of(waiting.cancel(), late.cancel())).containsExactly(false, false);
        assertThat(faults).isEmpty();
    }

    @Test
    void parkReturnsAtItsDeadlineAtAnUnparkAndForAnInterrupt() {
        long deadline = scheduler.nanoTime() + SECOND / 100;
        while (scheduler.nanoTime() < deadline) {
            scheduler.park("the deadline", deadline);
        }

        scheduler.unpark(Thread.currentThread());
        scheduler.park("an unpark", Scheduler.NEVER);

        Thread.currentThread().interrupt();
        scheduler.park("an interrupt", Scheduler.NEVER);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aClosedLaneRefusesAndSettleDoesNotWaitForTheRefused() throws InterruptedException {
        Lane lane = scheduler.lane("lane");
        lane.close();

        assertThatThrownBy(() -> lane.execute(() -> faults.add("ran"))).isInstanceOf(RejectedExecutionException.class);
        assertThat(scheduler.settle(scheduler.nanoTime() + SECOND)).isTrue();
    }
}
