package org.cardcage.edu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cardcage.board.Board;
import org.cardcage.machine.DmaMemory;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EduDeviceTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");
    private static final long MS = 1_000_000;
    private static final long BUFFER = 0x40000;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final List<String> reports = new ArrayList<>();
    private EduDevice card;
    private Board board;
    private IoMemory regs;
    private int raised;

    private void plug(EduOptions options) {
        card = new EduDevice(options);
        board = Board.builder(scheduler).reporter(reports::add).build();
        board.plug(SLOT, card);
        board.powerOn();
        board.writeConfig(SLOT, 4, 2, board.readConfig(SLOT, 4, 2) | 4);
        regs = board.map(board.readConfig(SLOT, 0x10, 4) & 0xfffffff0L, 0x100000);
    }

    private VectorSet interrupts(VectorKind kind) {
        VectorSet vectors = board.vectors(SLOT, kind, 1, 1);
        vectors.connect(0, () -> raised++);
        return vectors;
    }

    private void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    private void transfer(long source, long destination, long count, int command) {
        regs.write64(0x80, source);
        regs.write64(0x88, destination);
        regs.write64(0x90, count);
        regs.write64(0x98, command);
    }

    @Test
    void identifiesItselfAndInvertsWhatIsWrittenToLiveness() {
        plug(EduOptions.DEFAULT);

        assertThat(regs.read32(0)).isEqualTo(0x010000ed);
        assertThat(regs.read32(4)).isZero();
        regs.write32(4, 0x12345678);
        assertThat(regs.read32(4)).isEqualTo(~0x12345678);
        regs.write32(0, 5);
        assertThat(regs.read32(0)).isEqualTo(0x010000ed);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "5, 120", "12, 479001600", "13, 7328cc00h", "33, 80000000h", "34, 0", "-1, 0"})
    void computesFactorialsModulo2To32(int operand, String result) {
        plug(EduOptions.DEFAULT);

        regs.write32(8, operand);
        assertThat(regs.read32(8)).isEqualTo(operand);
        assertThat(regs.read32(0x20)).isEqualTo(1);
        settle();

        int expected =
                result.endsWith("h") ? Integer.parseUnsignedInt(result.replace("h", ""), 16) : Integer.parseInt(result);
        assertThat(regs.read32(8)).isEqualTo(expected);
        assertThat(regs.read32(0x20)).isZero();
    }

    @Test
    void anOperandWrittenWhileComputingIsDropped() {
        plug(EduOptions.DEFAULT.withFactorialDelay(5 * MS));

        regs.write32(8, 4);
        regs.write32(8, 5);
        scheduler.advance(5 * MS - 1);
        assertThat(regs.read32(0x20)).isEqualTo(1);
        assertThat(regs.read32(8)).isEqualTo(4);
        scheduler.advance(1);

        assertThat(regs.read32(8)).isEqualTo(24);
    }

    @Test
    void theEnableBitCountsWhenTheFactorialIsDone() {
        plug(EduOptions.DEFAULT);
        VectorSet pin = interrupts(VectorKind.INTX);

        regs.write32(8, 4);
        regs.write32(0x20, 0xff);
        assertThat(regs.read32(0x20)).isEqualTo(0x81);
        settle();
        assertThat(regs.read32(0x24)).isEqualTo(1);
        assertThat(raised).isEqualTo(1);
        assertThat(pin.asserted(0)).isTrue();
        regs.write32(0x64, 1);
        assertThat(pin.asserted(0)).isFalse();

        regs.write32(8, 4);
        regs.write32(0x20, 0);
        settle();
        assertThat(regs.read32(0x24)).isZero();
        assertThat(raised).isEqualTo(1);
    }

    @Test
    void eachRaiseUnderMessagesSendsOneEvenOfNothingNew() {
        plug(EduOptions.DEFAULT);
        VectorSet msi = interrupts(VectorKind.MSI);

        regs.write32(0x60, 0);
        assertThat(raised).isZero();
        regs.write32(0x60, 6);
        regs.write32(0x60, 6);
        regs.write32(0x64, 2);
        regs.write32(0x60, 0);

        assertThat(raised).isEqualTo(3);
        assertThat(regs.read32(0x24)).isEqualTo(4);
        msi.close();
    }

    @Test
    void thePinStaysUntilTheLastBitIsAcknowledged() {
        plug(EduOptions.DEFAULT);
        VectorSet pin = interrupts(VectorKind.INTX);

        regs.write32(0x60, 0xf0);
        regs.write32(0x64, 0x0f);
        regs.write32(0x64, 0x70);
        assertThat(pin.asserted(0)).isTrue();
        regs.write32(0x64, 0x80);

        assertThat(pin.asserted(0)).isFalse();
        assertThat(raised).isEqualTo(1);
        assertThat(regs.read32(0x60)).isEqualTo(-1);
        assertThat(regs.read32(0x64)).isEqualTo(-1);
    }

    @Test
    void movesBytesThereAndBackEachAtItsDeadline() throws Exception {
        plug(EduOptions.DEFAULT);
        DmaMemory memory = board.dma(SLOT).allocate(8192, 0x0fff_ffff, 1);
        for (int i = 0; i < 4096; i++) {
            memory.put(i, 1, i * 7);
        }
        scheduler.advance(999_999);

        transfer(memory.deviceAddress(), BUFFER, 4096, 1);
        scheduler.advance(99_000_000);
        assertThat(regs.read64(0x98)).isEqualTo(1);
        scheduler.advance(1);
        assertThat(regs.read64(0x98)).isZero();

        transfer(BUFFER, memory.deviceAddress() + 4096, 4096, 7);
        interrupts(VectorKind.MSI);
        scheduler.advance(100 * MS);
        assertThat(raised).isEqualTo(1);
        assertThat(regs.read32(0x24)).isEqualTo(0x100);
        assertThat(regs.read64(0x98)).isEqualTo(6);
        ByteBuffer first = ByteBuffer.allocate(4096);
        ByteBuffer second = ByteBuffer.allocate(4096);
        memory.copyOut(0, first);
        memory.copyOut(4096, second);
        assertThat(second.array()).isEqualTo(first.array());
        assertThat(reports).isEmpty();
        assertThat(card.rejectedTransfers()).isZero();
    }

    @Test
    void withoutDelayATransferIsDoneAsSoonAsSomethingRuns() throws Exception {
        plug(EduOptions.DEFAULT.withDmaDelay(0));
        DmaMemory memory = board.dma(SLOT).allocate(16, -1, 1);
        memory.put(0, 8, 42);

        transfer(memory.deviceAddress(), BUFFER, 8, 1);
        settle();
        transfer(BUFFER, memory.deviceAddress() + 8, 8, 3);
        settle();

        assertThat(memory.get(8, 8)).isEqualTo(42);
        assertThat(scheduler.nanoTime()).isZero();
    }

    @Test
    void registersOfARunningTransferAreLocked() {
        plug(EduOptions.DEFAULT);
        transfer(0x100000, BUFFER, 4, 1);

        transfer(1, 2, 3, 7);

        assertThat(regs.read64(0x80)).isEqualTo(0x100000);
        assertThat(regs.read64(0x88)).isEqualTo(BUFFER);
        assertThat(regs.read64(0x90)).isEqualTo(4);
        assertThat(regs.read64(0x98)).isEqualTo(1);
        scheduler.advance(100 * MS);
        regs.write64(0x98, 6);
        assertThat(regs.read64(0x98)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "3ffff, 1",
        "40000, 1001",
        "40fff, 2",
        "41000, 1",
        "41001, 0",
        "0, 0",
        "100000000040000, 4",
        "8000000000040000, 4",
        "40000, ffffffffffffffff",
        "40800, fffffffffffff900"
    })
    void aTransferOutOfRangeMovesNothingIsReportedAndInterruptsAsUsual(String device, String count) throws Exception {
        plug(EduOptions.DEFAULT);
        DmaMemory memory = board.dma(SLOT).allocate(4096, -1, 1);
        memory.put(0, 8, -1);
        interrupts(VectorKind.INTX);
        long address = Long.parseUnsignedLong(device, 16);

        transfer(address, memory.deviceAddress(), Long.parseUnsignedLong(count, 16), 7);
        scheduler.advance(100 * MS);

        assertThat(memory.get(0, 8)).isEqualTo(-1);
        assertThat(regs.read64(0x98)).isEqualTo(6);
        assertThat(raised).isEqualTo(1);
        assertThat(card.rejectedTransfers()).isEqualTo(1);
        assertThat(reports)
                .singleElement()
                .asString()
                .contains("0000:00:04.0", "0x" + device, "0x" + Long.toHexString(memory.deviceAddress()));
    }

    @ParameterizedTest
    @CsvSource({"40000, 0", "41000, 0", "40fff, 1", "40000, 1000"})
    void theLastByteAndNothingAtAllAreInRange(String device, String count) {
        plug(EduOptions.DEFAULT);

        transfer(Long.parseLong(device, 16), 0x100000, Long.parseLong(count, 16), 3);
        scheduler.advance(100 * MS);

        assertThat(reports).isEmpty();
        assertThat(regs.read64(0x98)).isEqualTo(2);
    }

    @Test
    void theMaskFoldsBusAddressesAndSaysSoOnce() throws Exception {
        plug(EduOptions.DEFAULT.withDmaMask(0x0fff_fff0));
        DmaMemory memory = board.dma(SLOT).allocate(4096, 0x0fff_ffff, 1);

        for (int i = 0; i < 2; i++) {
            memory.put(0, 8, 0);
            memory.put(16, 8, -1);
            transfer(memory.deviceAddress() + 16, BUFFER, 8, 1);
            scheduler.advance(100 * MS);
            transfer(BUFFER, memory.deviceAddress() + 0xf_0000_0007L, 8, 3);
            scheduler.advance(100 * MS);
            assertThat(memory.get(0, 8)).isEqualTo(-1);
        }

        assertThat(regs.read64(0x88)).isEqualTo(memory.deviceAddress() + 0xf_0000_0007L);
        assertThat(reports).singleElement().asString().contains("mask 0xffffff0");
    }

    @Test
    void aTransferWithoutBusMasteringIsReported() {
        plug(EduOptions.DEFAULT);
        board.writeConfig(SLOT, 4, 2, 3);

        transfer(0x100000, BUFFER, 8, 1);
        scheduler.advance(100 * MS);

        assertThat(regs.read64(0x98)).isZero();
        assertThat(reports).singleElement().asString().contains("0x100000", "bus mastering");
    }

    @Test
    void pullingTheCardStopsItsTransferAndComputation() throws Exception {
        plug(EduOptions.DEFAULT);
        DmaMemory memory = board.dma(SLOT).allocate(16, -1, 1);
        memory.put(0, 8, -1);
        VectorSet pin = interrupts(VectorKind.INTX);
        transfer(BUFFER, memory.deviceAddress(), 8, 7);
        regs.write32(0x20, 0x80);
        regs.write32(8, 5);

        board.unplug(SLOT);
        scheduler.advance(200 * MS);

        assertThat(memory.get(0, 8)).isEqualTo(-1);
        assertThat(pin.asserted(0)).isFalse();
        assertThat(raised).isZero();
        assertThat(regs.read32(0)).isEqualTo(-1);
        assertThat(reports).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0c, 0x1c, 0x28, 0x5c, 0x68, 0x7c, 0x84, 0x8c, 0x94, 0x9c, 0xa0, 0x40000, 0xffffc})
    void elsewhereIsNothing(int offset) {
        plug(EduOptions.DEFAULT);

        regs.write32(offset, 0);

        assertThat(regs.read32(offset)).isEqualTo(-1);
    }

    @Test
    void printsItsRegistersForADatasheet() {
        assertThat(new EduDevice().registers().toMarkdown())
                .contains("| 00 | 4 | ro | 010000ed | ID |", "| 98 | 8 | rw | 0000000000000000 | DMA_CMD |");
    }

    @Test
    void negativeDelaysAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> EduOptions.DEFAULT.withDmaDelay(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> EduOptions.DEFAULT.withFactorialDelay(-1));
    }
}
