package org.cardcage.edu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardcage.edu.device.EduBench.BUFFER;
import static org.cardcage.edu.device.EduBench.MS;

import org.cardcage.board.Board;
import org.cardcage.machine.DmaMemory;
import org.junit.jupiter.api.Test;

/** What a reset of the board leaves alone, and what pulling the card ends. Firmware runs again after a reset. */
class EduResetTest {

    private EduBench bench = new EduBench();

    @Test
    void clearsConfigurationButForTheScratchBytes() {
        bench.messagesTo(0x12345678, 0x4321);
        bench.config(0x42, 2, 0x70);
        bench.config(0x0c, 1, 0x55);
        bench.config(0x4e, 2, 0xabcd);
        bench.config(0xfc, 4, 0x12345678);
        bench.board.reset();

        assertThat(bench.config(0x42, 2)).isEqualTo(0x80);
        assertThat(bench.config(0x44, 4)).isZero();
        assertThat(bench.config(0x4c, 4)).isEqualTo(0xabcd0000L);
        assertThat(bench.config(0x0c, 1)).isZero();
        assertThat(bench.config(0x04, 2) & 4).isZero();
        assertThat(bench.config(0xfc, 4)).isEqualTo(0x12345678);
    }

    @Test
    void keepsAllRegistersAndTheBuffer() throws Exception {
        DmaMemory memory = bench.memory(4096);
        memory.put(0, 8, 0x1122334455667788L);
        bench.transfer(memory.deviceAddress(), BUFFER + 0x123, 8, 1);
        bench.start(0x1234567890abcdL, 0xfedcba987654321L, -1, 0);
        bench.regs.write32(4, 0x1234);
        bench.regs.write32(8, 5);
        bench.regs.write32(0x20, 0x80);
        bench.settle();
        bench.regs.write32(0x60, 0xf0);
        bench.board.reset();
        bench.config(4, 2, EduBench.ON);

        assertThat(bench.regs.read32(4)).isEqualTo(~0x1234);
        assertThat(bench.regs.read32(8)).isEqualTo(120);
        assertThat(bench.regs.read32(0x20)).isEqualTo(0x80);
        assertThat(bench.pending()).isEqualTo(0xf1);
        assertThat(bench.regs.read64(0x80)).isEqualTo(0x1234567890abcdL);
        assertThat(bench.regs.read64(0x88)).isEqualTo(0xfedcba987654321L);
        assertThat(bench.regs.read64(0x90)).isEqualTo(-1);
        bench.transfer(BUFFER + 0x123, memory.deviceAddress() + 64, 8, 3);
        assertThat(memory.get(64, 8)).isEqualTo(0x1122334455667788L);
    }

    @Test
    void dropsThePinUntilTheNextRaiseThoughBitsStayPending() {
        bench.regs.write32(0x60, 6);
        bench.board.reset();
        assertThat(bench.requestsPin()).isFalse();
        bench.regs.write32(0x64, 2);
        assertThat(bench.requestsPin()).isFalse();
        bench.regs.write32(0x60, 0);
        assertThat(bench.requestsPin()).isTrue();
        assertThat(bench.pending()).isEqualTo(4);
    }

    @Test
    void aRunningTransferKeepsItsDeadlineAndInterruptsByThePin() throws Exception {
        bench.messagesTo(bench.memory(4096).deviceAddress(), 1);
        bench.start(0x100000, BUFFER, 4, 5);
        bench.scheduler.advance(60 * MS);
        bench.board.reset();
        bench.scheduler.advance(40 * MS - 1);
        assertThat(bench.regs.read64(0x98)).isEqualTo(5);
        bench.scheduler.advance(1);

        assertThat(bench.regs.read64(0x98)).isEqualTo(4);
        assertThat(bench.pending()).isEqualTo(0x100);
        assertThat(bench.requestsPin()).isTrue();
    }

    @Test
    void aRunningTransferMovesNothingOnRealPciSinceBusMasteringIsOff() throws Exception {
        Board board = Board.builder(bench.scheduler).reporter(m -> {}).build();
        EduDevice card = new EduDevice();
        board.plug(EduBench.SLOT, card);
        board.powerOn();
        DmaMemory memory = board.dma(EduBench.SLOT).allocate(4096, -1, 1);
        memory.put(0, 4, 42);
        board.writeConfig(EduBench.SLOT, 4, 2, EduBench.ON);
        card.write(0, 0x80, 8, BUFFER);
        card.write(0, 0x88, 8, memory.deviceAddress());
        card.write(0, 0x90, 8, 4);
        card.write(0, 0x98, 8, 3);
        board.reset();
        bench.scheduler.advance(EduBench.TRANSFER);

        assertThat(memory.get(0, 4)).isEqualTo(42);
        assertThat(card.read(0, 0x98, 8)).isEqualTo(2);
    }

    @Test
    void aRunningComputationEnds() {
        bench = new EduBench(EduOptions.DEFAULT.withFactorialDelay(MS));
        bench.regs.write32(8, 5);
        bench.board.reset();
        bench.scheduler.advance(MS);
        assertThat(bench.regs.read32(8)).isEqualTo(120);
    }

    @Test
    void pullingTheCardStopsItsTransferAndComputation() throws Exception {
        DmaMemory memory = bench.memory(4096);
        memory.put(0, 8, -1);
        bench.start(BUFFER, memory.deviceAddress(), 8, 7);
        bench.regs.write32(0x20, 0x80);
        bench.regs.write32(8, 5);
        bench.board.unplug(EduBench.SLOT);
        bench.scheduler.advance(2 * EduBench.TRANSFER);

        assertThat(memory.get(0, 8)).isEqualTo(-1);
        assertThat(bench.card.read(0, 0x24, 4)).isZero();
        assertThat(bench.regs.read32(0)).isZero();
        assertThat(bench.reports).isEmpty();
    }
}
