package org.cardcage.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InterruptPinTest {

    private static final int THREADS = 3;
    private static final int CHANGES = 20_000;

    /** A machine that knows the level of the pin and takes tasks. */
    private static class Machine implements FunctionPorts {
        final List<Runnable> tasks = new ArrayList<>();
        volatile boolean high;

        @Override
        public void setPin(boolean asserted) {
            high = asserted;
        }

        @Override
        public Executor executor() {
            return tasks::add;
        }

        @Override
        public boolean messagesEnabled() {
            return false;
        }

        @Override
        public DmaPort dma() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void signal(int vector) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void wake() {
            throw new UnsupportedOperationException();
        }

        @Override
        public DeviceClock clock() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void report(String message) {
            throw new UnsupportedOperationException(message);
        }
    }

    private static InterruptPin pin(AtomicInteger causes, FunctionPorts ports) {
        InterruptPin pin = new InterruptPin(() -> causes.get() != 0);
        pin.powerOn(ports);
        return pin;
    }

    @Test
    void thePinFollowsTheCauses() {
        AtomicInteger causes = new AtomicInteger();
        Machine machine = new Machine();
        InterruptPin pin = pin(causes, machine);

        causes.set(1);
        pin.update();
        assertThat(machine.high).isTrue();
        causes.set(0);
        pin.update();
        assertThat(machine.high).isFalse();
    }

    @Test
    void whoIsKeptBusyByOthersHandsOver() {
        AtomicInteger causes = new AtomicInteger(1);
        AtomicInteger calls = new AtomicInteger();
        InterruptPin[] pin = new InterruptPin[1];
        Machine machine = new Machine() {
            @Override
            public void setPin(boolean asserted) {
                super.setPin(asserted);
                if (calls.incrementAndGet() < 20) {
                    pin[0].update(); // as another thread would do at this moment
                }
            }
        };
        pin[0] = pin(causes, machine);

        pin[0].update();
        assertThat(calls.get()).isLessThan(20);
        while (!machine.tasks.isEmpty()) {
            machine.tasks.remove(0).run();
        }

        assertThat(calls.get()).isEqualTo(20);
        causes.set(0);
        pin[0].update();
        assertThat(machine.high).isFalse();
    }

    @Test
    void aPortThatThrowsDoesNotEndTheDriving() {
        AtomicInteger causes = new AtomicInteger(1);
        Machine machine = new Machine() {
            @Override
            public void setPin(boolean asserted) {
                if (asserted && !high) {
                    high = true;
                    throw new IllegalStateException("out of order");
                }
                super.setPin(asserted);
            }
        };
        InterruptPin pin = pin(causes, machine);

        assertThatThrownBy(pin::update).hasMessage("out of order");
        causes.set(0);
        pin.update();

        assertThat(machine.high).isFalse();
    }

    @Test
    @Timeout(60)
    void theLastLevelIsThatOfTheLastStateWhoeverIsQuickest() throws InterruptedException {
        AtomicInteger causes = new AtomicInteger();
        ExecutorService others = Executors.newSingleThreadExecutor();
        Machine machine = new Machine() {
            @Override
            public Executor executor() {
                return others;
            }
        };
        InterruptPin pin = pin(causes, machine);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int bit = 1 << i;
            threads.add(new Thread(() -> {
                for (int change = 0; change < CHANGES; change++) {
                    causes.getAndUpdate(c -> c ^ bit);
                    pin.update();
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        others.shutdown();
        assertThat(others.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

        assertThat(causes.get()).isZero();
        assertThat(machine.high).isFalse();
    }
}
