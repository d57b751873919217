package org.cardcage.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InterruptPinTest {

    private static final int THREADS = 3;
    private static final int CHANGES = 20_000;

    /** A machine that knows the level of the pin and nothing else. */
    private static class Machine implements FunctionPorts {
        volatile boolean high;
        private long last;

        @Override
        public void setPin(boolean asserted) {
            throw new UnsupportedOperationException("without a number");
        }

        @Override
        public synchronized void setPin(boolean asserted, long order) {
            if (order > last) {
                last = order;
                high = asserted;
            }
        }

        @Override
        public Executor executor() {
            throw new UnsupportedOperationException();
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
    void aCallThatIsOvertakenChangesNothing() {
        AtomicInteger causes = new AtomicInteger(1);
        InterruptPin[] pin = new InterruptPin[1];
        Machine machine = new Machine() {
            @Override
            public void setPin(boolean asserted, long order) {
                if (asserted) { // another thread does this at this moment
                    causes.set(0);
                    pin[0].update();
                }
                super.setPin(asserted, order);
            }
        };
        pin[0] = pin(causes, machine);

        pin[0].update();

        assertThat(machine.high).isFalse();
    }

    @Test
    @Timeout(60)
    void theLevelThatStaysIsThatOfTheLastStateWhoeverIsQuickest() throws InterruptedException {
        AtomicInteger causes = new AtomicInteger();
        Machine machine = new Machine();
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

        assertThat(causes.get()).isZero();
        assertThat(machine.high).isFalse();
    }
}
