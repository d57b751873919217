package org.cardcage.edu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardcage.edu.device.EduBench.BUFFER;
import static org.cardcage.edu.device.EduBench.MS;
import static org.cardcage.edu.device.EduBench.TRANSFER;

import java.nio.ByteBuffer;
import org.cardcage.machine.DmaMemory;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.VectorKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transfers whose bytes are in the buffer; for others see {@link EduDmaRangeTest}. */
class EduDmaTest {

    private EduBench bench = new EduBench();

    @Test
    void movesAllBytesThereAndBack() throws Exception {
        DmaMemory memory = bench.memory(8192);
        for (int i = 0; i < 4096; i++) {
            memory.put(i, 1, i * 7);
        }
        bench.transfer(memory.deviceAddress(), BUFFER, 4096, 1);
        bench.transfer(BUFFER, memory.deviceAddress() + 4096, 4096, 3);

        ByteBuffer first = ByteBuffer.allocate(4096);
        ByteBuffer second = ByteBuffer.allocate(4096);
        memory.copyOut(0, first);
        memory.copyOut(4096, second);
        assertThat(second.array()).isEqualTo(first.array());
        assertThat(bench.reports).isEmpty();
        assertThat(bench.card.rejectedTransfers()).isZero();
    }

    @Test
    void theBufferIsZeroAtPowerOnAndNotInTheWindow() throws Exception {
        DmaMemory memory = bench.memory(4096);
        memory.put(8, 8, -1);
        assertThat(bench.regs.read64(BUFFER)).isEqualTo(-1);
        bench.regs.write64(BUFFER, 0x1234);
        bench.transfer(BUFFER, memory.deviceAddress() + 8, 8, 3);
        assertThat(memory.get(8, 8)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 100000000", "1, 99999999", "999999, 99000001", "1000000, 100000000"})
    void isDoneAHundredMillisecondsAfterTheBeginningOfItsMillisecond(long start, long takes) {
        bench.scheduler.advance(start);
        bench.start(BUFFER, 0x100000, 4, 3);
        bench.scheduler.advance(takes - 1);
        assertThat(bench.regs.read64(0x98)).isEqualTo(3);
        bench.scheduler.advance(1);
        assertThat(bench.regs.read64(0x98)).isEqualTo(2);
    }

    @Test
    void memoryCountsAsItIsAtTheDeadline() throws Exception {
        DmaMemory memory = bench.memory(4096);
        memory.put(0, 4, 1);
        bench.start(memory.deviceAddress(), BUFFER, 4, 1);
        memory.put(0, 4, 2);
        bench.scheduler.advance(TRANSFER);
        bench.transfer(BUFFER, memory.deviceAddress() + 8, 4, 3);
        assertThat(memory.get(8, 4)).isEqualTo(2);
    }

    @Test
    void registersOfARunningTransferAreLockedAndItsDeadlineStays() {
        bench.start(BUFFER, 0x100000, 4, 3);
        bench.scheduler.advance(50 * MS);
        bench.start(1, 2, 3, 5);

        assertThat(bench.regs.read64(0x80)).isEqualTo(BUFFER);
        assertThat(bench.regs.read64(0x88)).isEqualTo(0x100000);
        assertThat(bench.regs.read64(0x90)).isEqualTo(4);
        assertThat(bench.regs.read64(0x98)).isEqualTo(3);
        bench.scheduler.advance(50 * MS);
        assertThat(bench.regs.read64(0x98)).isEqualTo(2);
        bench.scheduler.advance(TRANSFER);
        assertThat(bench.pending()).isZero();
    }

    @Test
    void aCommandWithoutTheRunBitIsIgnored() {
        bench.regs.write64(0x98, 6);
        assertThat(bench.regs.read64(0x98)).isZero();
        bench.transfer(BUFFER, 0x100000, 4, 3);
        bench.regs.write64(0x98, 4);
        assertThat(bench.regs.read64(0x98)).isEqualTo(2);
    }

    @Test
    void allBitsOfTheCommandAreKeptAndOnlyTheRunBitClears() {
        bench.start(BUFFER, 0x100000, 4, -1);
        assertThat(bench.regs.read64(0x98)).isEqualTo(-1);
        bench.scheduler.advance(TRANSFER);
        assertThat(bench.regs.read64(0x98)).isEqualTo(-2);
    }

    @Test
    void interruptsOnlyIfAskedTo() {
        bench.interrupts(VectorKind.INTX);
        bench.transfer(BUFFER, 0x100000, 4, 3);
        assertThat(bench.pending()).isZero();
        bench.transfer(BUFFER, 0x100000, 4, 7);
        assertThat(bench.pending()).isEqualTo(0x100);
        assertThat(bench.raised).isEqualTo(1);
    }

    @Test
    void usesThePinIfMessagesWereTurnedOffMeanwhile() throws Exception {
        bench.messagesTo(bench.memory(4096).deviceAddress(), 7);
        bench.start(BUFFER, 0x100000, 4, 7);
        bench.config(0x42, 2, 0);
        bench.scheduler.advance(TRANSFER);
        assertThat(bench.requestsPin()).isTrue();
    }

    @Test
    void drivesTwentyEightBitsOfAnAddressUnlessToldOtherwise() throws Exception {
        DmaMemory memory = bench.memory(4096);
        memory.put(0, 8, -1);
        bench.transfer(memory.deviceAddress() | 0xffff_ffff_f000_0000L, BUFFER, 8, 1);
        bench.transfer(BUFFER, memory.deviceAddress() + 8 + (0x5L << 28), 8, 3);

        assertThat(memory.get(8, 8)).isEqualTo(-1);
        assertThat(bench.regs.read64(0x88)).isEqualTo(memory.deviceAddress() + 8 + (0x5L << 28));
        assertThat(bench.reports).singleElement().asString().contains("mask 0xfffffff");
    }

    @Test
    void aMaskWithLowBitsClearRoundsTheStartDownAndLeavesTheCount() throws Exception {
        bench = new EduBench(EduOptions.DEFAULT.withDmaMask(0x0fff_fff0));
        DmaMemory memory = bench.memory(4096);
        memory.put(0, 8, 0x1122334455667788L);
        bench.transfer(memory.deviceAddress() + 7, BUFFER, 8, 1);
        bench.transfer(BUFFER, memory.deviceAddress() + 16, 8, 3);
        assertThat(memory.get(16, 8)).isEqualTo(0x1122334455667788L);
    }

    @Test
    void aTransferRunsOnPastTheMask() {
        bench = new EduBench(EduOptions.DEFAULT.withDmaMask(0xfff));
        IoMemory ram = bench.board.map(0, 0x2000);
        for (int i = 0; i < 0x2000; i += 8) {
            ram.write64(i, -1);
        }
        bench.transfer(BUFFER, 0x7fff_ffffL, 16, 3);

        assertThat(ram.read8(0xffe)).isEqualTo(0xff);
        assertThat(ram.read64(0xfff)).isZero();
        assertThat(ram.read64(0x1007)).isZero();
        assertThat(ram.read8(0x100f)).isEqualTo(0xff);
        assertThat(ram.read64(0)).isEqualTo(-1);
        assertThat(bench.reports).singleElement().asString().contains("becomes 0xfff");
    }

    @Test
    void overTheEndOfRamItsPartInRamIsMoved() {
        long end = 256L << 20;
        bench = new EduBench(EduOptions.DEFAULT.withDmaMask(-1));
        bench.board.map(end - 4, 4).write32(0, 0x11223344);
        bench.transfer(end - 4, BUFFER, 8, 1);
        bench.transfer(BUFFER, 0x100000, 8, 3);

        assertThat(bench.board.map(0x100000, 8).read64(0)).isEqualTo(0x11223344);
        assertThat(bench.reports).singleElement().asString().contains("not all was answered");
    }

    @Test
    void withoutBusMasteringTheBufferBecomesZeroAndTheInterruptComes() throws Exception {
        DmaMemory memory = bench.memory(4096);
        memory.put(0, 8, -1);
        bench.transfer(memory.deviceAddress(), BUFFER, 8, 1);
        bench.config(4, 2, 2);
        bench.transfer(memory.deviceAddress(), BUFFER, 4, 5);
        bench.transfer(BUFFER, memory.deviceAddress(), 4, 3);
        assertThat(memory.get(0, 8)).isEqualTo(-1);
        assertThat(bench.pending()).isEqualTo(0x100);
        assertThat(bench.reports).hasSize(2).allMatch(r -> r.contains("is bus mastering on?"));

        bench.config(4, 2, EduBench.ON);
        bench.transfer(BUFFER, memory.deviceAddress(), 8, 3);
        assertThat(memory.get(0, 8)).isEqualTo(0xffff_ffff_0000_0000L);
    }

    @Test
    void busMasteringCountsAtTheDeadline() throws Exception {
        DmaMemory memory = bench.memory(4096);
        memory.put(0, 4, -1);
        bench.config(4, 2, 2);
        bench.start(BUFFER, memory.deviceAddress(), 4, 3);
        bench.config(4, 2, EduBench.ON);
        bench.scheduler.advance(TRANSFER);
        assertThat(memory.get(0, 4)).isZero();
    }

    @Test
    void aWindowThatIsTurnedOffDoesNotStopATransfer() throws Exception {
        DmaMemory memory = bench.memory(4096);
        memory.put(0, 4, -1);
        bench.start(BUFFER, memory.deviceAddress(), 4, 7);
        bench.config(4, 2, 4);
        bench.scheduler.advance(TRANSFER);
        assertThat(memory.get(0, 4)).isZero();
        assertThat(bench.requestsPin()).isTrue();
    }

    @Test
    void theCardCanReadItsOwnRegistersByTheRuleOfTheBus() throws Exception {
        bench = new EduBench(EduOptions.DEFAULT.withDmaMask(-1));
        DmaMemory memory = bench.memory(4096);
        bench.transfer(bench.base, BUFFER, 4, 1);
        bench.transfer(bench.base, BUFFER + 8, 8, 1);
        bench.transfer(bench.base + 0x98, BUFFER + 16, 8, 1);
        bench.transfer(BUFFER, memory.deviceAddress(), 24, 3);

        assertThat(memory.get(0, 8)).isEqualTo(EduDevice.IDENTIFICATION);
        assertThat(memory.get(8, 8)).isEqualTo(-1);
        assertThat(memory.get(16, 8)).as("still running while it copies").isEqualTo(1);
    }

    @Test
    void theCardCanWriteItsOwnRegistersButForThoseOfTheRunningTransfer() throws Exception {
        bench = new EduBench(EduOptions.DEFAULT.withDmaMask(-1));
        DmaMemory memory = bench.memory(4096);
        memory.put(0, 8, 0x0f);
        bench.transfer(memory.deviceAddress(), BUFFER, 8, 1);
        bench.transfer(BUFFER, bench.base + 0x60, 4, 3);
        assertThat(bench.pending()).isEqualTo(0x0f);
        bench.transfer(BUFFER, bench.base + 0x80, 8, 3);
        assertThat(bench.regs.read64(0x80)).isEqualTo(BUFFER);
    }

    @Test
    void withoutDelayATransferIsDoneWhenTheWriteReturns() throws Exception {
        bench = new EduBench(EduOptions.DEFAULT.withDmaDelay(0));
        DmaMemory memory = bench.memory(4096);
        memory.put(0, 8, 42);
        bench.start(memory.deviceAddress(), BUFFER, 8, 1);
        bench.start(BUFFER, memory.deviceAddress() + 8, 8, 3);
        assertThat(memory.get(8, 8)).isEqualTo(42);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 1})
    void aDelayWithoutEndIsNoDelayInThePast(long delay) {
        bench = new EduBench(EduOptions.DEFAULT.withDmaDelay(delay));
        bench.scheduler.advance(MS);
        bench.start(BUFFER, 0x100000, 4, 3);
        bench.scheduler.advance(10 * TRANSFER);
        assertThat(bench.regs.read64(0x98)).isEqualTo(3);
    }
}
