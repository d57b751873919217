package org.cardcage.edu.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which accesses reach which register. */
class EduRegisterTest {

    private final EduBench bench = new EduBench();

    @Test
    void identifiesItselfWhateverIsWritten() {
        assertThat(bench.regs.read32(0)).isEqualTo(0x010000ed);
        bench.regs.write32(0, 5);
        assertThat(bench.regs.read32(0)).isEqualTo(0x010000ed);
    }

    @Test
    void livenessIsZeroAtPowerOnAndThenTheComplementOfWhatIsWritten() {
        assertThat(bench.regs.read32(4)).isZero();
        bench.regs.write32(4, 0x12345678);
        assertThat(bench.regs.read32(4)).isEqualTo(~0x12345678);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x04, 0x08, 0x20, 0x24, 0x60, 0x80, 0x84, 0x98, 0x40000})
    void accessesOfOneAndTwoBytesReadZeroAndDoNothing(int offset) {
        bench.regs.write32(4, 0);
        for (int i = offset; i < offset + 4; i++) {
            bench.regs.write8(i, 0x55);
            bench.regs.write16(i, 0x5555);
            assertThat(bench.regs.read8(i)).isZero();
            assertThat(bench.regs.read16(i)).isZero();
        }
        assertThat(bench.regs.read32(4)).isEqualTo(-1);
        assertThat(bench.pending()).isZero();
        assertThat(bench.regs.read32(0x20)).isZero();
        assertThat(bench.regs.read64(0x80)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x08, 0x20, 0x28, 0x60, 0x78})
    void anAlignedAccessOfEightBytesBelow80IsRefused(int offset) {
        bench.regs.write64(offset, 0x0000_0005_0000_0005L);

        assertThat(bench.regs.read64(offset)).isEqualTo(-1);
        assertThat(bench.pending()).isZero();
        assertThat(bench.regs.read32(4)).isZero();
        assertThat(bench.regs.read32(8)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0xa0, 0xf8, 0x40000, 0x40ff8, 0xffff8})
    void anAlignedAccessOfEightBytesBehindTheRegistersReadsOnes(int offset) {
        bench.regs.write64(offset, 0);
        assertThat(bench.regs.read64(offset)).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"04, 0000000000000000", "24, ffffffff00000000", "7c, 00040000ffffffff", "84, 00000000ffffffff"})
    void eightBytesAcrossTwoRegistersAreTwoReadsOfFour(String offset, String value) {
        bench.regs.write64(0x80, 0x40000);
        assertThat(bench.regs.read64(Integer.parseInt(offset, 16))).isEqualTo(Long.parseUnsignedLong(value, 16));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x02, 0x03, 0x05, 0x7e, 0x81})
    void fourBytesThatAreNotAlignedReadZero(int offset) {
        assertThat(bench.regs.read32(offset)).isZero();
    }

    @Test
    void eightBytesAtAnOddOffsetContainFourThatAreAligned() {
        bench.regs.write32(4, 0x12345678);
        assertThat(bench.regs.read64(1)).isEqualTo((long) ~0x12345678 << 24 & 0x00ff_ffff_ff00_0000L);
    }

    @Test
    void eightBytesAt60AreIgnoredButTheirHalvesActAt5cAnd64() {
        bench.regs.write64(0x60, 0x0000_00ff_0000_00ffL);
        assertThat(bench.pending()).isZero();
        bench.regs.write64(0x5c, 0x0000_00f3_0000_0000L);
        assertThat(bench.pending()).isEqualTo(0xf3);
        bench.regs.write64(0x64, 0x0000_00ff_0000_0003L);
        assertThat(bench.pending()).isEqualTo(0xf0);
    }

    @Test
    void eightBytesAt94StartATransferByTheirUpperHalf() {
        bench.regs.write64(0x88, EduBench.BUFFER);
        bench.regs.write64(0x94, 5L << 32);
        assertThat(bench.regs.read64(0x98)).isEqualTo(5);
        bench.scheduler.advance(EduBench.TRANSFER);
        assertThat(bench.pending()).isEqualTo(0x100);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x88, 0x90})
    void fourBytesReplaceAllEightOfARegister(int offset) {
        bench.regs.write64(offset, -1);
        assertThat(bench.regs.read32(offset)).isEqualTo(-1);
        assertThat(bench.regs.read64(offset)).isEqualTo(-1);
        bench.regs.write32(offset, 0x89abcdef);
        assertThat(bench.regs.read64(offset)).isEqualTo(0x89abcdefL);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x84, 0x8c, 0x94, 0x9c})
    void theUpperHalfOfARegisterIsNoRegister(int offset) {
        bench.regs.write64(offset - 4, 0);
        bench.regs.write32(offset, 1);
        assertThat(bench.regs.read32(offset)).isEqualTo(-1);
        assertThat(bench.regs.read64(offset - 4)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0c, 0x10, 0x1c, 0x28, 0x5c, 0x68, 0x7c, 0xa0, 0x100, 0x3fffc, 0x40000, 0x40ffc, 0xffffc})
    void elsewhereReadsOnesAndTakesNothing(int offset) {
        bench.regs.write32(offset, 0);
        assertThat(bench.regs.read32(offset)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x60, 0x64})
    void writeOnlyRegistersReadOnes(int offset) {
        bench.regs.write32(0x60, 5);
        assertThat(bench.regs.read32(offset)).isEqualTo(-1);
    }

    @Test
    void thePendingBitsCannotBeWritten() {
        bench.regs.write32(0x24, 5);
        assertThat(bench.pending()).isZero();
        assertThat(bench.requestsPin()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "-4, 4", "-1, 8", "9223372036854775804, 4", "4294967296, 4", "1048576, 8"})
    void evenWhatNoBusLetsThroughReadsOnesAndDoesNothing(long offset, int size) {
        bench.card.write(0, offset, size, -1);
        assertThat(bench.card.read(0, offset, size)).isEqualTo(-1L >>> Long.SIZE - Byte.SIZE * size);
        assertThat(bench.regs.read32(4)).isZero();
    }
}
