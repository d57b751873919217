package org.cardcage.edu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardcage.edu.device.EduBench.BUFFER;
import static org.cardcage.edu.device.EduBench.TRANSFER;

import org.cardcage.machine.DmaMemory;
import org.cardcage.machine.VectorKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which transfers stay inside the buffer, and what becomes of the others. */
class EduDmaRangeTest {

    private static final int FROM_RAM = 5;
    private static final int TO_RAM = 7;

    private final EduBench bench = new EduBench();

    @ParameterizedTest
    @CsvSource({
        "below the buffer, 3ffff, 1",
        "from below the buffer into it, 3ffff, 4",
        "one byte too long, 40000, 1001",
        "over the end, 40fff, 2",
        "just past the buffer, 41000, 1",
        "nothing past the buffer, 41001, 0",
        "nothing at address 0, 0, 0",
        "high bits of the address, 100000000040000, 4",
        "bits above the DMA mask, 10040000, 4",
        "the sign bit of the address, 8000000000040000, 4",
        "the last address, ffffffffffffffff, 1",
        "a count that wraps, 40000, ffffffffffffffff",
        "a count that wraps into the buffer, 40008, fffffffffffffff8",
        "the largest positive count, 40000, 7fffffffffffffff"
    })
    void outOfRangeNothingIsMovedAndTheInterruptComesAsUsual(String what, String device, String count)
            throws Exception {
        DmaMemory memory = bench.memory(8192);
        memory.put(0, 8, -1);
        bench.transfer(memory.deviceAddress(), BUFFER, 8, 1);
        memory.put(0, 8, 0);
        bench.interrupts(VectorKind.INTX);
        long there = Long.parseUnsignedLong(device, 16);
        long bytes = Long.parseUnsignedLong(count, 16);

        bench.transfer(memory.deviceAddress(), there, bytes, FROM_RAM);
        assertThat(bench.regs.read64(0x98)).isEqualTo(FROM_RAM - 1);
        assertThat(bench.raised).isEqualTo(1);
        bench.regs.write32(0x64, 0x100);
        bench.transfer(there, memory.deviceAddress(), bytes, TO_RAM);
        assertThat(bench.regs.read64(0x98)).isEqualTo(TO_RAM - 1);
        assertThat(bench.raised).isEqualTo(2);

        assertThat(memory.get(0, 8)).isZero();
        bench.transfer(BUFFER, memory.deviceAddress() + 16, 8, 3);
        assertThat(memory.get(16, 8)).isEqualTo(-1);
        assertThat(bench.card.rejectedTransfers()).isEqualTo(2);
        assertThat(bench.reports)
                .hasSize(2)
                .allMatch(r -> r.contains("0000:00:04.0")
                        && r.contains("0x" + device)
                        && r.contains("0x" + Long.toHexString(memory.deviceAddress())));
    }

    @ParameterizedTest
    @CsvSource({
        "nothing, 40000, 0",
        "nothing at the end, 41000, 0",
        "the last byte, 40fff, 1",
        "the whole buffer, 40000, 1000"
    })
    void inRangeItIsDone(String what, String device, String count) throws Exception {
        DmaMemory memory = bench.memory(8192);
        int bytes = Integer.parseInt(count, 16);
        for (int i = 0; i < 4096; i++) {
            memory.put(i, 1, 0xa0 + i % 7);
        }
        bench.transfer(memory.deviceAddress(), Long.parseLong(device, 16), bytes, 1);
        bench.transfer(Long.parseLong(device, 16), memory.deviceAddress() + 4096, bytes, 3);

        for (int i = 0; i < bytes; i++) {
            assertThat(memory.get(4096 + i, 1)).isEqualTo(0xa0 + i % 7);
        }
        if (bytes < 4096) {
            assertThat(memory.get(4096 + bytes, 1)).isZero();
        }
        assertThat(bench.reports).isEmpty();
        assertThat(bench.card.rejectedTransfers()).isZero();
    }

    @Test
    void theDirectionDecidesWhichAddressHasToBeInTheBuffer() {
        bench.transfer(BUFFER, 0x100000, 4, 1);
        assertThat(bench.card.rejectedTransfers()).isEqualTo(1);
        bench.transfer(BUFFER, 0x100000, 4, 3);
        assertThat(bench.card.rejectedTransfers()).isEqualTo(1);
    }

    @Test
    void theRangeIsLookedAtAtTheDeadlineOnly() {
        bench.start(0, 0, 4, 1);
        bench.scheduler.advance(TRANSFER - 1);
        assertThat(bench.card.rejectedTransfers()).isZero();
        bench.scheduler.advance(1);
        assertThat(bench.card.rejectedTransfers()).isEqualTo(1);
    }

    @Test
    void aBadRangeThatIsNeverStartedIsHarmless() {
        bench.start(0, 0, -1, 6);
        bench.scheduler.advance(2 * TRANSFER);
        assertThat(bench.card.rejectedTransfers()).isZero();
        assertThat(bench.reports).isEmpty();
    }

    @Test
    void theNextTransferWorks() throws Exception {
        DmaMemory memory = bench.memory(4096);
        memory.put(0, 4, 42);
        bench.transfer(memory.deviceAddress(), 0, 4, 1);
        bench.transfer(memory.deviceAddress(), BUFFER, 4, 1);
        bench.transfer(BUFFER, memory.deviceAddress() + 4, 4, 3);
        assertThat(memory.get(4, 4)).isEqualTo(42);
    }
}
