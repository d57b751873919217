package org.cardcage.edu.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.cardcage.machine.DmaMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configuration space, which the board makes from the card's description. */
class EduConfigurationTest {

    private final EduBench bench = new EduBench();

    @ParameterizedTest
    @CsvSource({
        "vendor, 00, 2, 1234",
        "device, 02, 2, 11e8",
        "status, 06, 2, 0010",
        "revision, 08, 1, 10",
        "class, 09, 1, 00",
        "class, 0a, 2, 00ff",
        "header type, 0e, 1, 00",
        "self test, 0f, 1, 00",
        "subsystem vendor, 2c, 2, 1af4",
        "subsystem, 2e, 2, 1100",
        "expansion ROM, 30, 4, 00000000",
        "capabilities, 34, 1, 40",
        "interrupt pin, 3d, 1, 01",
        "capability id, 40, 1, 05",
        "next capability, 41, 1, 00",
        "MSI control, 42, 2, 0080"
    })
    void powerOnValue(String name, String offset, int size, String value) {
        int at = Integer.parseInt(offset, 16);
        assertThat(bench.config(at, size)).as(name).isEqualTo(Long.parseLong(value, 16));
        if (at != 0x42) {
            bench.config(at, size, -1);
            assertThat(bench.config(at, size)).as(name).isEqualTo(Long.parseLong(value, 16));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "command, 04, 2, 0507",
        "cache line size, 0c, 1, ff",
        "latency timer, 0d, 1, 00",
        "BAR 0, 10, 4, fff00000",
        "BAR 1, 14, 4, 00000000",
        "BAR 5, 24, 4, 00000000",
        "CardBus, 28, 4, 00000000",
        "interrupt line, 3c, 1, ff",
        "min grant and max latency, 3e, 2, 0000",
        "message address, 44, 4, fffffffc",
        "upper message address, 48, 4, ffffffff",
        "message data, 4c, 2, ffff",
        "behind the capability, 4e, 2, ffff",
        "behind the capability, 50, 4, ffffffff",
        "the end, fc, 4, ffffffff"
    })
    void writableBits(String name, String offset, int size, String mask) {
        int at = Integer.parseInt(offset, 16);
        bench.config(at, size, -1);
        assertThat(bench.config(at, size)).as(name).isEqualTo(Long.parseLong(mask, 16));
        bench.config(at, size, 0);
        assertThat(bench.config(at, size)).as(name).isZero();
    }

    @Test
    void theMessageCarriesSixteenBitsAndTheUpperOnesOfADwordAreScratch() throws Exception {
        DmaMemory memory = bench.memory(4096);
        memory.put(0, 8, -1);
        bench.messagesTo(memory.deviceAddress(), 0);
        bench.config(0x4c, 4, 0xabcd1234);
        bench.regs.write32(0x60, 1);

        assertThat(memory.get(0, 8)).isEqualTo(0xffffffff_00001234L);
        assertThat(bench.config(0x4c, 4)).isEqualTo(0xabcd1234L);
    }

    @Test
    void theVectorCountSticksWhileMessagesAreOffAndIsZeroOnceTheyAreOn() {
        bench.config(0x42, 2, 0x70);
        assertThat(bench.config(0x42, 2)).isEqualTo(0xf0);
        bench.config(0x42, 1, 0x71);
        assertThat(bench.config(0x42, 2)).isEqualTo(0x81);
        bench.config(0x42, 2, 0x50);
        bench.config(0x4e, 2, 7);
        assertThat(bench.config(0x42, 2)).isEqualTo(0xd0);
    }

    @Test
    void aWindowThatIsOffReadsZerosAndTheCardKeepsItsState() {
        bench.regs.write32(4, 5);
        bench.config(4, 2, 4);
        assertThat(bench.regs.read32(4)).isZero();
        bench.regs.write32(4, 9);
        bench.config(4, 2, EduBench.ON);

        assertThat(bench.regs.read32(4)).isEqualTo(~5);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0xfff0_0000L, 0xffff_ffffL})
    void theseBasesAreNotDecoded(long bar) {
        bench.config(0x10, 4, bar);
        assertThat(bench.board.map(bar & -EduBench.WINDOW, 4).read32(0)).isZero();
        assertThat(bench.regs.read32(0)).isZero();

        bench.config(0x10, 4, bench.base);
        assertThat(bench.regs.read32(0)).isEqualTo(EduDevice.IDENTIFICATION);
    }

    @Test
    void aBaseWrittenByteByByteCountsAtOnce() {
        bench.config(0x13, 1, 0xe1);
        assertThat(bench.regs.read32(0)).isZero();
        long moved = bench.base & 0xffffff | 0xe100_0000L;
        assertThat(bench.board.map(moved, 4).read32(0)).isEqualTo(EduDevice.IDENTIFICATION);
    }

    @Test
    void theHighestBaseIsThatOneBelow() {
        bench.config(0x10, 4, 0xffe0_0000L);
        assertThat(bench.board.map(0xffe0_0000L, 4).read32(0)).isEqualTo(EduDevice.IDENTIFICATION);
    }

    @Test
    void ramWinsOverAWindowThatOverlapsIt() throws Exception {
        DmaMemory memory = bench.memory(4096);
        memory.put(0, 4, 42);
        bench.config(0x10, 4, memory.deviceAddress() & -EduBench.WINDOW);

        assertThat(bench.board.map(memory.deviceAddress(), 4).read32(0)).isEqualTo(42);
    }
}
