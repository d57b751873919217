package org.cardcage.edu.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.cardcage.machine.DmaMemory;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EduInterruptTest {

    private static final int INTX_DISABLE = 0x400;
    private static final int MARK = 0x5a5a5a5a;

    private final EduBench bench = new EduBench();

    private void raise(int bits) {
        bench.regs.write32(0x60, bits);
    }

    private void acknowledge(int bits) {
        bench.regs.write32(0x64, bits);
    }

    /** RAM that shows whether a message has come. */
    private DmaMemory messages() throws Exception {
        DmaMemory memory = bench.memory(4096);
        memory.put(0, 4, MARK);
        bench.messagesTo(memory.deviceAddress(), 0x1234);
        return memory;
    }

    private static boolean taken(DmaMemory memory) {
        boolean there = (int) memory.get(0, 4) == 0x1234;
        memory.put(0, 4, MARK);
        return there;
    }

    @Test
    void thePinStaysUntilTheLastBitIsAcknowledged() {
        VectorSet pin = bench.interrupts(VectorKind.INTX);
        raise(0xf0);
        acknowledge(0x0f);
        acknowledge(0x70);
        acknowledge(0);
        assertThat(pin.asserted(0)).isTrue();
        acknowledge(0x80);

        assertThat(pin.asserted(0)).isFalse();
        assertThat(bench.raised).isEqualTo(1);
    }

    @Test
    void raisesAreAddedUp() {
        raise(0x8000_0001);
        raise(6);
        assertThat(bench.pending()).isEqualTo(0x8000_0007);
    }

    @Test
    void aRaiseOfNothingWithNothingPendingIsNothing() throws Exception {
        raise(0);
        assertThat(bench.requestsPin()).isFalse();
        DmaMemory memory = messages();
        raise(0);
        assertThat(taken(memory)).isFalse();
    }

    @Test
    void eachRaiseIsAMessageEvenOfNothingNew() throws Exception {
        DmaMemory memory = messages();
        for (int bits : new int[] {6, 6, 0}) {
            raise(bits);
            assertThat(taken(memory)).isTrue();
        }
        assertThat(bench.pending()).isEqualTo(6);
    }

    @Test
    void anAcknowledgementIsNoMessage() throws Exception {
        DmaMemory memory = messages();
        raise(6);
        taken(memory);
        acknowledge(2);
        acknowledge(4);
        assertThat(taken(memory)).isFalse();
    }

    @Test
    void thePinDropsWhenMessagesAreTurnedOnAndNoMessageIsSent() throws Exception {
        raise(5);
        DmaMemory memory = messages();

        assertThat(bench.requestsPin()).isFalse();
        assertThat(bench.pending()).isEqualTo(5);
        assertThat(taken(memory)).isFalse();
    }

    @Test
    void thePinStaysLowWhenMessagesAreTurnedOffUntilTheNextRaiseEvenOfNothing() throws Exception {
        messages();
        raise(5);
        bench.config(0x42, 2, 0);
        assertThat(bench.requestsPin()).isFalse();
        acknowledge(1);
        assertThat(bench.requestsPin()).isFalse();
        raise(0);
        assertThat(bench.requestsPin()).isTrue();
    }

    @Test
    void aMessageWithoutBusMasteringIsLostForGoodAndThePendingBitStays() throws Exception {
        DmaMemory memory = messages();
        bench.config(4, 2, 2);
        raise(1);
        assertThat(taken(memory)).isFalse();
        bench.config(4, 2, EduBench.ON);

        assertThat(taken(memory)).isFalse();
        assertThat(bench.pending()).isEqualTo(1);
    }

    @Test
    void thePinNeedsNoBusMastering() {
        bench.config(4, 2, 2);
        raise(1);
        assertThat(bench.requestsPin()).isTrue();
    }

    @Test
    void theDisableBitHidesThePinAndNothingElse() throws Exception {
        VectorSet pin = bench.interrupts(VectorKind.INTX);
        bench.config(4, 2, EduBench.ON | INTX_DISABLE);
        raise(1);
        assertThat(pin.asserted(0)).isFalse();
        assertThat(bench.requestsPin()).isTrue();
        bench.config(4, 2, EduBench.ON);
        assertThat(pin.asserted(0)).isTrue();
        bench.config(4, 2, EduBench.ON | INTX_DISABLE);
        assertThat(pin.asserted(0)).isFalse();

        DmaMemory memory = messages();
        raise(1);
        assertThat(taken(memory)).isTrue();
    }

    @Test
    void messagesAreNotCutByTheDmaMask() throws Exception {
        EduBench narrow = new EduBench(EduOptions.DEFAULT.withDmaMask(0));
        DmaMemory memory = narrow.memory(4096);
        narrow.messagesTo(memory.deviceAddress(), 7);
        narrow.regs.write32(0x60, 1);
        assertThat(memory.get(0, 4)).isEqualTo(7);
    }

    @Test
    void aMessageToNowhereIsLost() {
        bench.messagesTo(0xffff_ffff_0000_0000L, 7);
        raise(1);
        assertThat(bench.pending()).isEqualTo(1);
        assertThat(bench.reports).singleElement().asString().contains("MSI vector 0 lost");
    }

    @ParameterizedTest
    @CsvSource({"60, 33, 4", "64, 4, 4", "04, 33, 4"})
    void aMessageToTheCardItselfThatAnAccessHasCausedIsDropped(String register, String data, String pending) {
        bench.messagesTo(bench.base + Integer.parseInt(register, 16), Integer.parseInt(data, 16));
        raise(4);

        assertThat(bench.pending()).isEqualTo(Integer.parseInt(pending, 16));
        assertThat(bench.regs.read32(4)).isZero();
    }

    @Test
    void aMessageToTheCardItselfThatATransferHasCausedArrives() {
        bench.messagesTo(bench.base + 0x60, 0x33);
        bench.transfer(EduBench.BUFFER, 0, 0, 7);
        assertThat(bench.pending()).isEqualTo(0x133);
    }

    @Test
    void aMessageToTheCardItselfThatAFactorialHasCausedArrives() {
        bench.messagesTo(bench.base + 0x60, 0x32);
        bench.regs.write32(0x20, 0x80);
        bench.regs.write32(8, 5);
        bench.settle();
        assertThat(bench.pending()).isEqualTo(0x33);
    }

    @Test
    void aTransferIntoItsOwnRaiseRegisterSendsAMessageThatDoesNotComeBack() throws Exception {
        EduBench wide = new EduBench(EduOptions.DEFAULT.withDmaMask(-1));
        DmaMemory memory = wide.memory(4096);
        memory.put(0, 4, 1);
        wide.transfer(memory.deviceAddress(), EduBench.BUFFER, 4, 1);
        wide.messagesTo(wide.base + 4, 0x99);
        wide.transfer(EduBench.BUFFER, wide.base + 0x60, 4, 3);

        assertThat(wide.pending()).isEqualTo(1);
        assertThat(wide.regs.read32(4)).isZero();
    }

    @Test
    void twoCardsThatMessageEachOtherComeToAnEnd() {
        EduBench two = new EduBench();
        EduDevice other = new EduDevice();
        two.board.plug("00:05.0", other);
        FunctionAddress second = FunctionAddress.parse("00:05.0");
        long base = two.board.readConfig(second, 0x10, 4) & 0xffff_fff0L;
        two.board.writeConfig(second, 4, 2, EduBench.ON);
        two.board.writeConfig(second, 0x44, 4, (int) two.base + 0x60);
        two.board.writeConfig(second, 0x4c, 2, 0x10);
        two.board.writeConfig(second, 0x42, 2, 1);
        two.messagesTo(base + 0x60, 0x20);

        two.regs.write32(0x60, 1);

        assertThat(two.pending()).isEqualTo(1);
        assertThat(two.board.map(base, EduBench.WINDOW).read32(0x24)).isEqualTo(0x20);
    }
}
