package org.cardcage.test.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executor;
import org.cardcage.device.DeviceClock;
import org.cardcage.device.DmaPort;
import org.cardcage.device.FunctionPorts;
import org.junit.jupiter.api.Test;

class TestInterruptsTest {

    /** A machine that knows the level of the pin and nothing else. */
    private static final class Pin implements FunctionPorts {
        private boolean high;

        @Override
        public boolean messagesEnabled() {
            return false;
        }

        @Override
        public void setPin(boolean asserted) {
            high = asserted;
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
        public Executor executor() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void report(String message) {
            throw new UnsupportedOperationException(message);
        }
    }

    @Test
    void aPinRaisedWhileAResetIsUnderWayDoesNotStayHigh() {
        Pin pin = new Pin();
        TestInterrupts interrupts = new TestInterrupts();
        interrupts.powerOn(pin);

        interrupts.raise(1); // after the machine has dropped the pin, before it resets the model
        interrupts.reset();

        assertThat(interrupts.pending()).isZero();
        assertThat(pin.high).isFalse();
    }
}
