package org.cardcage.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SteppedSchedulerTest {

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final List<String> log = new ArrayList<>();

    private Runnable note(String what) {
        return () -> log.add(what + "@" + scheduler.nanoTime());
    }

    @Test
    void timersRunInTheOrderOfTheirDeadlinesEachAtItsOwnTime() {
        scheduler.schedule(20, note("b"));
        scheduler.schedule(10, note("a"));
        scheduler.schedule(20, note("c"));
        scheduler.schedule(31, note("late"));

        scheduler.advance(30);

        assertThat(log).containsExactly("a@10", "b@20", "c@20");
        assertThat(scheduler.nanoTime()).isEqualTo(30);
    }

    @Test
    void aCancelledTimerDoesNotRun() {
        Timer timer = scheduler.schedule(10, note("a"));

        assertThat(timer.cancel()).isTrue();
        assertThat(timer.cancel()).isFalse();
        scheduler.advance(20);

        assertThat(log).isEmpty();
    }

    @Test
    void tasksWaitForSomebodyToSleepAndKeepTheirOrder() {
        Lane lane = scheduler.lane("lane");
        lane.execute(note("first"));
        lane.execute(note("second"));
        assertThat(log).isEmpty();

        scheduler.settle(Scheduler.NEVER);

        assertThat(log).containsExactly("first@0", "second@0");
    }

    @Test
    void aTaskThatSleepsLetsOtherLanesRunButNotItsOwn() {
        Lane one = scheduler.lane("one");
        Lane two = scheduler.lane("two");
        one.execute(() -> {
            while (!log.contains("two@0")) {
                scheduler.park("two", Scheduler.NEVER);
            }
            log.add("one goes on");
        });
        one.execute(note("one again"));
        two.execute(note("two"));

        scheduler.settle(Scheduler.NEVER);

        assertThat(log).containsExactly("two@0", "one goes on", "one again@0");
    }

    @Test
    void timePassesWhenNothingElseIsLeftToDo() {
        scheduler.schedule(50, note("timer"));

        scheduler.park("something", 100);
        assertThat(scheduler.nanoTime()).isEqualTo(50);
        scheduler.park("something", 100);
        assertThat(scheduler.nanoTime()).isEqualTo(100);
        assertThat(log).containsExactly("timer@50");
    }

    @Test
    void aSleepThatNothingCanEndNamesTheSleepers() {
        scheduler.lane("worker").execute(() -> scheduler.park("the answer", Scheduler.NEVER));

        assertThatIllegalStateException()
                .isThrownBy(() -> scheduler.park("the worker", Scheduler.NEVER))
                .withMessageContaining("sleeps for ever")
                .withMessageContaining("the answer")
                .withMessageContaining("the worker");
    }

    @Test
    void anUnparkBeforeTheParkMakesItReturnAtOnce() {
        scheduler.unpark(Thread.currentThread());

        scheduler.park("nothing", Scheduler.NEVER);

        assertThat(scheduler.nanoTime()).isZero();
    }

    @Test
    void aClosedLaneAcceptsNothingButRunsWhatItHas() {
        Lane lane = scheduler.lane("lane");
        lane.execute(note("accepted"));
        lane.close();

        assertThatThrownBy(() -> lane.execute(note("late"))).isInstanceOf(RejectedExecutionException.class);
        scheduler.settle(Scheduler.NEVER);

        assertThat(log).containsExactly("accepted@0");
    }

    @Test
    void anotherThreadIsTurnedAwayWithAHint() throws InterruptedException {
        AtomicReference<Throwable> fault = new AtomicReference<>();
        Thread stranger = new Thread(
                () -> {
                    try {
                        scheduler.advance(1);
                    } catch (IllegalStateException e) {
                        fault.set(e);
                    }
                },
                "stranger");
        stranger.start();
        stranger.join();

        assertThat(fault.get()).hasMessageContaining("stranger").hasMessageContaining("live");
    }
}
