package org.cardcage.edu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardcage.edu.device.EduBench.MS;

import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EduFactorialTest {

    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "1, 1",
        "5, 78",
        "c, 1c8cfc00",
        "d, 7328cc00",
        "10, 77758000",
        "21, 80000000",
        "22, 0",
        "7fffffff, 0",
        "80000000, 0",
        "ffffffff, 0"
    })
    void isTheProductModulo2To32(String operand, String result) {
        EduBench bench = new EduBench();
        bench.regs.write32(8, Integer.parseUnsignedInt(operand, 16));
        assertThat(bench.regs.read32(8)).isEqualTo(Integer.parseUnsignedInt(operand, 16));
        assertThat(bench.regs.read32(0x20)).isEqualTo(1);
        bench.settle();

        assertThat(bench.regs.read32(8)).isEqualTo(Integer.parseUnsignedInt(result, 16));
        assertThat(bench.regs.read32(0x20)).isZero();
    }

    @Test
    void isTheProductForEveryOperandUpToAHundred() {
        int product = 1;
        for (int n = 1; n <= 100; n++) {
            product *= n;
            assertThat(EduFactorial.factorial(n)).as("%d!", n).isEqualTo(product);
        }
    }

    /** Multiplying 2^32 times would take seconds for each. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aHugeOperandIsNoMoreWork() {
        for (int n = -1; n >= -1_000_000; n--) {
            assertThat(EduFactorial.factorial(n)).isZero();
        }
    }

    @Test
    void anOperandWrittenWhileComputingIsDropped() {
        EduBench bench = new EduBench(EduOptions.DEFAULT.withFactorialDelay(5 * MS));
        bench.regs.write32(8, 4);
        bench.regs.write32(8, 5);
        bench.scheduler.advance(5 * MS - 1);
        assertThat(bench.regs.read32(0x20)).isEqualTo(1);
        assertThat(bench.regs.read32(8)).isEqualTo(4);
        bench.scheduler.advance(1);

        assertThat(bench.regs.read32(8)).isEqualTo(24);
    }

    @Test
    void whileComputingEverythingElseWorks() {
        EduBench bench = new EduBench();
        bench.regs.write32(8, 4);
        bench.regs.write32(4, 0x1234);
        bench.regs.write32(0x60, 2);

        assertThat(bench.regs.read32(4)).isEqualTo(~0x1234);
        assertThat(bench.pending()).isEqualTo(2);
        bench.settle();
        assertThat(bench.pending()).isEqualTo(2);
    }

    @Test
    void onlyTheEnableBitSticks() {
        EduBench bench = new EduBench();
        bench.regs.write32(0x20, 0xff);
        assertThat(bench.regs.read32(0x20)).isEqualTo(0x80);
        bench.regs.write32(0x20, 0x7f);
        assertThat(bench.regs.read32(0x20)).isZero();
    }

    @Test
    void theEnableBitCountsAtTheEndAndStays() {
        EduBench bench = new EduBench();
        VectorSet pin = bench.interrupts(VectorKind.INTX);
        bench.regs.write32(8, 4);
        bench.regs.write32(0x20, 0x80);
        assertThat(bench.regs.read32(0x20)).isEqualTo(0x81);
        bench.settle();
        assertThat(bench.pending()).isEqualTo(1);
        assertThat(bench.raised).isEqualTo(1);
        assertThat(bench.regs.read32(0x20)).isEqualTo(0x80);
        bench.regs.write32(0x64, 1);
        assertThat(pin.asserted(0)).isFalse();

        bench.regs.write32(8, 4);
        bench.regs.write32(0x20, 0);
        bench.settle();
        assertThat(bench.pending()).isZero();
        assertThat(bench.raised).isEqualTo(1);
    }

    @Test
    void aBitThatIsPendingAlreadyMeansNothingToThePin() {
        EduBench bench = new EduBench();
        bench.interrupts(VectorKind.INTX);
        bench.regs.write32(0x20, 0x80);
        for (int i = 0; i < 2; i++) {
            bench.regs.write32(8, 4);
            bench.settle();
        }
        assertThat(bench.raised).isEqualTo(1);
    }

    @Test
    void aBitThatIsPendingAlreadyIsAnotherMessage() {
        EduBench bench = new EduBench();
        bench.interrupts(VectorKind.MSI);
        bench.regs.write32(0x20, 0x80);
        for (int i = 0; i < 2; i++) {
            bench.regs.write32(8, 4);
            bench.settle();
        }
        assertThat(bench.raised).isEqualTo(2);
    }

    @Test
    void aFactorialWhoseMessageIsTheNextOperandTakesItsTime() {
        EduBench bench = new EduBench();
        bench.messagesTo(bench.base + 8, 5);
        bench.regs.write32(0x20, 0x80);
        bench.regs.write32(8, 3);
        bench.settle();
        assertThat(bench.regs.read32(8)).isEqualTo(5);
        assertThat(bench.regs.read32(0x20)).isEqualTo(0x81);

        bench.config(0x42, 2, 0);
        bench.scheduler.advance(MS);
        assertThat(bench.regs.read32(8)).isEqualTo(120);
        assertThat(bench.regs.read32(0x20)).isEqualTo(0x80);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 1})
    void aDelayWithoutEndIsNoDelayInThePast(long delay) {
        EduBench bench = new EduBench(EduOptions.DEFAULT.withFactorialDelay(delay));
        bench.scheduler.advance(MS);
        bench.regs.write32(8, 4);
        bench.scheduler.advance(1000 * MS);
        assertThat(bench.regs.read32(0x20)).isEqualTo(1);
    }
}
