package org.cardcage.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lanes that share threads: what one of them does to its thread, the others do not notice. */
@Timeout(120)
class LaneThreadsTest {

    private static final String PREFIX = "lanes";

    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final LiveScheduler scheduler = new LiveScheduler(PREFIX, (where, t) -> faults.add(where + ": " + t));
    private final CountDownLatch leave = new CountDownLatch(1);

    @AfterEach
    void close() {
        leave.countDown();
        scheduler.close();
        assertThat(faults).isEmpty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void settle() throws InterruptedException {
        assertThat(scheduler.settle(scheduler.nanoTime() + TimeUnit.SECONDS.toNanos(60)))
                .isTrue();
    }

    private static List<String> names() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(PREFIX + "-"))
                .sorted()
                .toList();
    }

    @Test
    void manyRareLanesOneAfterTheOtherNeedFewThreads() throws InterruptedException {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        AtomicInteger left = new AtomicInteger(500);
        Runnable[] next = new Runnable[1];
        next[0] = () -> {
            threads.add(Thread.currentThread());
            if (left.getAndDecrement() > 0) {
                scheduler.rareLane("lane" + left.get()).execute(next[0]);
            }
        };
        next[0].run();

        settle();

        assertThat(left).hasNegativeValue();
        assertThat(threads).hasSizeLessThan(50);
    }

    @Test
    void lanesThatHangKeepNobodyFromAThread() throws InterruptedException {
        CountDownLatch hung = new CountDownLatch(40);
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Lane lane = scheduler.rareLane("hung" + i);
            lanes.add(lane);
            lane.execute(() -> {
                hung.countDown();
                awaitQuietly(leave);
            });
        }
        assertThat(hung.await(60, TimeUnit.SECONDS)).isTrue();
        CountDownLatch ran = new CountDownLatch(1);
        scheduler.rareLane("free").execute(ran::countDown);

        assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(lanes).allSatisfy(lane -> assertThat(lane.runner().getName()).isEqualTo(PREFIX + "-" + lane.name()));
    }

    @Test
    void whatATaskLeavesOnItsThreadTheNextLaneDoesNotSee() throws InterruptedException {
        AtomicReference<Thread> first = new AtomicReference<>();
        Semaphore ended = new Semaphore(0);
        AtomicReference<String> seen = new AtomicReference<>();
        scheduler.rareLane("dirty").execute(() -> {
            first.set(Thread.currentThread());
            Thread.currentThread().setContextClassLoader(new ClassLoader() {});
            Thread.currentThread().interrupt();
        });
        await().atMost(Duration.ofSeconds(60)).until(() -> names().equals(List.of(PREFIX + "-spare")));
        first.get().interrupt(); // too late for who it was meant for

        scheduler.rareLane("clean").execute(() -> {
            Thread me = Thread.currentThread();
            seen.set((me == first.get()) + " " + me.getName() + " " + me.isInterrupted() + " "
                    + (me.getContextClassLoader() == LiveScheduler.class.getClassLoader()));
            ended.release();
        });
        ended.acquire();

        assertThat(seen.get()).isIn("true " + PREFIX + "-clean false true", "false " + PREFIX + "-clean false true");
    }

    @Test
    void aTaskDoesNotSeeTheInterruptOfTheOneBeforeIt() throws InterruptedException {
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Lane lane = scheduler.lane("lane");
        lane.execute(() -> Thread.currentThread().interrupt());
        lane.execute(() -> interrupted.set(Thread.currentThread().isInterrupted()));
        settle();

        assertThat(interrupted).hasValue(false);
        lane.close();
    }

    @Test
    void threadsEndWhenNothingIsLeftToDo() throws InterruptedException {
        Lane kept = scheduler.lane("kept");
        kept.execute(() -> {});
        scheduler.rareLane("rare").execute(() -> {});
        scheduler.schedule(scheduler.nanoTime(), () -> {});
        settle();

        await().atMost(Duration.ofSeconds(60)).until(() -> names().isEmpty());
        CountDownLatch again = new CountDownLatch(3);
        kept.execute(again::countDown);
        scheduler.rareLane("rare").execute(again::countDown);
        scheduler.schedule(scheduler.nanoTime(), again::countDown);

        assertThat(again.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aThreadEndsAfterAWhileThoughItIsAlwaysInUse() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();

        await().atMost(Duration.ofSeconds(60)).until(() -> {
            scheduler.rareLane("busy").execute(() -> threads.add(Thread.currentThread()));
            settle();
            return threads.stream().anyMatch(thread -> !thread.isAlive());
        });
    }

    /** The next task comes while the thread goes to rest, for which the poster must be awake: it spins. */
    @ParameterizedTest
    @ValueSource(longs = {0, 50_000, 3_600_000_000_000L})
    void noTaskIsLostThatComesWhileTheLaneFallsAsleep(long patience) throws InterruptedException {
        LiveLane lane = new LiveLane(scheduler, new LaneThreads(PREFIX + "-"), "sleepy", patience);
        AtomicInteger ran = new AtomicInteger();
        long enough = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        int posted = 0;
        while (posted < 50_000 && System.nanoTime() < enough) {
            long tooLate = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            lane.execute(ran::incrementAndGet);
            posted++;
            while (ran.get() < posted) {
                if (System.nanoTime() > tooLate) {
                    throw new AssertionError("task " + posted + " is lost");
                }
                Thread.onSpinWait();
            }
            for (int pause = posted % 64; pause > 0; pause--) {
                Thread.onSpinWait();
            }
        }
        settle();

        assertThat(ran).hasValue(posted);
        lane.close();
    }

    @Test
    void severalPostersLoseNoTaskAndNoneRunsTwice() throws InterruptedException {
        LiveLane lane = new LiveLane(scheduler, new LaneThreads(PREFIX + "-"), "busy", 1000);
        AtomicInteger ran = new AtomicInteger();
        List<Thread> posters = Stream.generate(() -> new Thread(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        lane.execute(ran::incrementAndGet);
                    }
                }))
                .limit(3)
                .toList();
        posters.forEach(Thread::start);
        for (Thread poster : posters) {
            poster.join();
        }
        settle();

        assertThat(ran).hasValue(60_000);
        lane.close();
    }

    @Test
    void aLaneThatIsClosedWhileItsThreadWaitsGivesItBack() {
        Lane lane = new LiveLane(scheduler, new LaneThreads(PREFIX + "-"), "patient", TimeUnit.HOURS.toNanos(1));
        lane.execute(() -> {});
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(t -> t.getName().endsWith("patient") && t.getState() == Thread.State.TIMED_WAITING));
        lane.close();

        await().atMost(Duration.ofSeconds(60)).until(() -> names().isEmpty());
    }

    @Test
    void whoReportsFaultsMayFailWithoutEndingTheLane() throws InterruptedException {
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        LiveScheduler careless = new LiveScheduler(PREFIX, (where, t) -> {
            throw new IllegalStateException("cannot report", t);
        });
        CountDownLatch next = new CountDownLatch(1);
        Lane lane = careless.lane("lane");
        lane.execute(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, t) -> uncaught.set(t));
            throw new IllegalArgumentException("smoke");
        });
        lane.execute(next::countDown);

        assertThat(next.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(uncaught.get()).hasMessage("cannot report");
        careless.close();
    }
}
