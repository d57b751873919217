package org.cardcage.test.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cardcage.board.Board;
import org.cardcage.device.ExpansionRom;
import org.cardcage.machine.DmaMemory;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestDeviceTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:05.0");
    private static final FunctionAddress SECOND = SLOT.withFunction(1);
    private static final int MASTER_AND_DECODE = 7;

    private static final int SCRATCH = 0x04;
    private static final int IRQ_RAISE = 0x08;
    private static final int IRQ_PENDING = 0x0c;
    private static final int IRQ_ACK = 0x10;
    private static final int DMA_ADDRESS = 0x20;
    private static final int DMA_OFFSET = 0x28;
    private static final int DMA_COUNT = 0x30;
    private static final int DMA_CONTROL = 0x38;
    private static final int DMA_STATUS = 0x3c;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Board board = Board.pc(scheduler);
    private IoMemory registers;
    private IoMemory ports;
    private IoMemory memory;

    @BeforeEach
    void plugTwoFunctions() {
        board.plug(SLOT, new TestDevice());
        board.plug(SECOND, new TestDevice());
        board.powerOn();
        board.writeConfig(SLOT, 4, 2, MASTER_AND_DECODE);
        board.writeConfig(SECOND, 4, 2, MASTER_AND_DECODE);
        registers = map(SLOT, TestDevice.REGISTERS, 4096);
        ports = board.mapPorts(board.readConfig(SLOT, 0x14, 4) & ~3, 16);
        memory = map(SLOT, TestDevice.MEMORY, 1 << 20);
    }

    private IoMemory map(FunctionAddress function, int bar, long length) {
        return board.map(base(function, bar), length);
    }

    private long base(FunctionAddress function, int bar) {
        int register = board.readConfig(function, 0x10 + 4 * bar, 4);
        long low = Integer.toUnsignedLong(register & ~0xf);
        return (register & 4) == 0 ? low : low | (long) board.readConfig(function, 0x14 + 4 * bar, 4) << 32;
    }

    @Test
    void firmwareFindsTwoFunctionsWithFourBarsEach() {
        assertThat(board.readConfig(SLOT, 0, 4)).isEqualTo(0x7e57_1234);
        assertThat(board.readConfig(SECOND, 0, 4)).isEqualTo(0x7e57_1234);
        assertThat(List.of(
                        base(SLOT, TestDevice.REGISTERS),
                        base(SLOT, TestDevice.MEMORY),
                        base(SLOT, TestDevice.MSIX),
                        base(SECOND, TestDevice.REGISTERS),
                        base(SECOND, TestDevice.MEMORY),
                        base(SECOND, TestDevice.MSIX)))
                .doesNotHaveDuplicates()
                .doesNotContain(0L);
    }

    @Test
    void aRegisterAndAPortAreTheSameCell() {
        assertThat(registers.read32(0)).isEqualTo(TestDevice.IDENTIFICATION);
        registers.write32(SCRATCH, 0x12345678);
        assertThat(ports.read32(4)).isEqualTo(0x12345678);

        ports.write32(4, -2);
        assertThat(registers.read32(SCRATCH)).isEqualTo(-2);

        ports.write8(0, 0xa5);
        ports.write16(2, 0xbeef);
        assertThat(ports.read8(0)).isEqualTo(0xa5);
        assertThat(ports.read16(2)).isEqualTo(0xbeef);
    }

    @Test
    void functionsShareNothing() {
        registers.write32(SCRATCH, 1);
        memory.write64(8, 42);

        assertThat(map(SECOND, TestDevice.REGISTERS, 4096).read32(SCRATCH)).isZero();
        assertThat(map(SECOND, TestDevice.MEMORY, 4096).read64(8)).isZero();
    }

    @Test
    void theMemoryTakesAccessesOfAllSizes() {
        memory.write64(0xffff8, 0x8877_6655_4433_2211L);

        assertThat(memory.read32(0xffffc)).isEqualTo(0x88776655);
        assertThat(memory.read16(0xffffa)).isEqualTo(0x4433);
        assertThat(memory.read8(0xfffff)).isEqualTo(0x88);
        memory.write8(0xffff9, 0);
        memory.write16(0xffffe, 0);
        memory.write32(0xffff8, 1);
        assertThat(memory.read64(0xffff8)).isEqualTo(0x0000_6655_0000_0001L);
    }

    @Test
    void thePinIsHighWhileABitIsPending() {
        VectorSet line = board.vectors(SLOT, VectorKind.INTX, 1, 1);

        registers.write32(IRQ_RAISE, 0x5);
        assertThat(line.asserted(0)).isTrue();
        registers.write32(IRQ_ACK, 0x1);
        assertThat(line.asserted(0)).isTrue();
        assertThat(registers.read32(IRQ_PENDING)).isEqualTo(0x4);
        registers.write32(IRQ_ACK, 0x4);
        assertThat(line.asserted(0)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"MSI", "MSIX"})
    void eachRaisedBitIsAMessageOfItsVector(VectorKind kind) {
        List<Integer> seen = new ArrayList<>();
        VectorSet messages = board.vectors(SLOT, kind, TestDevice.VECTORS, TestDevice.VECTORS);
        for (int vector = 0; vector < messages.count(); vector++) {
            int number = vector;
            messages.connect(vector, () -> seen.add(number));
        }

        registers.write32(IRQ_RAISE, 0x8001);
        registers.write32(IRQ_RAISE, 0x0002);

        assertThat(seen).containsExactly(0, 15, 1);
    }

    private void transfer(long address, long offset, long count, int control) {
        registers.write64(DMA_ADDRESS, address);
        registers.write64(DMA_OFFSET, offset);
        registers.write64(DMA_COUNT, count);
        registers.write32(DMA_CONTROL, control | TestDma.RUN);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4095, 65_537, 1 << 20})
    void aBurstOfAnyLengthGoesThereAndBack(long count) throws Exception {
        DmaMemory ram = board.dma(SLOT).allocate(1 << 20, -1, 4096);
        ram.put(0, 1, 0x11);
        ram.put(count - 1, 1, 0x99);

        transfer(ram.deviceAddress(), (1 << 20) - count, count, 0);
        assertThat(registers.read32(DMA_STATUS)).isZero();
        assertThat(registers.read32(DMA_CONTROL) & TestDma.RUN).isZero();
        assertThat(memory.read8((1 << 20) - 1)).isEqualTo(0x99);

        memory.write8((1 << 20) - 1, 0x77);
        transfer(ram.deviceAddress(), (1 << 20) - count, count, TestDma.TO_BUS);
        assertThat(ram.get(count - 1, 1)).isEqualTo(0x77);
    }

    @Test
    void aBurstInTheBackgroundEndsWithTheInterruptOfItsVector() throws Exception {
        DmaMemory ram = board.dma(SLOT).allocate(4096, -1, 4096);
        int vector = 3;

        transfer(
                ram.deviceAddress(),
                0,
                4096,
                TestDma.BACKGROUND | TestDma.INTERRUPT_ENABLE | vector << TestDma.VECTOR_SHIFT);
        assertThat(registers.read32(DMA_CONTROL) & TestDma.RUN).isOne();
        registers.write64(DMA_COUNT, 1);
        assertThat(registers.read64(DMA_COUNT)).isEqualTo(4096);

        scheduler.settle(Scheduler.NEVER);
        assertThat(registers.read32(DMA_CONTROL) & TestDma.RUN).isZero();
        assertThat(registers.read32(IRQ_PENDING)).isEqualTo(1 << vector);
    }

    @Test
    void aBurstThatLeavesTheMemoryMovesNothing() {
        transfer(0x1000, 0xff000, 0x1001, 0);
        assertThat(registers.read32(DMA_STATUS)).isEqualTo(TestDma.OUT_OF_RANGE);

        transfer(0x1000, -1, 1, 0);
        assertThat(registers.read32(DMA_STATUS)).isEqualTo(TestDma.OUT_OF_RANGE);

        transfer(0x1000, 0, 1, 0);
        assertThat(registers.read32(DMA_STATUS)).isZero();
    }

    @Test
    void aBurstWithoutBusMasterIsNotAnswered() {
        board.writeConfig(SLOT, 4, 2, 3);

        transfer(0x1000, 0, 16, TestDma.TO_BUS);

        assertThat(registers.read32(DMA_STATUS)).isEqualTo(TestDma.UNANSWERED);
    }

    @Test
    void aResetLeavesTheMemoryOnly() {
        TestDevice card = new TestDevice();
        board.plug(FunctionAddress.parse("00:06.0"), card);
        card.write(TestDevice.MEMORY, 0, 4, 7);
        card.write(TestDevice.REGISTERS, SCRATCH, 4, 7);
        card.write(TestDevice.REGISTERS, IRQ_RAISE, 4, 7);
        card.write(TestDevice.REGISTERS, DMA_COUNT, 8, 7);
        card.write(TestDevice.REGISTERS, DMA_CONTROL, 4, TestDma.RUN | TestDma.BACKGROUND | TestDma.INTERRUPT_ENABLE);

        card.reset();
        scheduler.settle(Scheduler.NEVER);

        assertThat(card.read(TestDevice.MEMORY, 0, 4)).isEqualTo(7);
        assertThat(card.read(TestDevice.REGISTERS, SCRATCH, 4)).isZero();
        assertThat(card.read(TestDevice.REGISTERS, IRQ_PENDING, 4)).isZero();
        assertThat(card.read(TestDevice.REGISTERS, DMA_COUNT, 8)).isZero();
        assertThat(card.read(TestDevice.REGISTERS, DMA_CONTROL, 4)).isZero();
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.US_ASCII.decode(bytes).toString();
    }

    @Test
    void theRomIsAnImageThatFirmwareAccepts() {
        ExpansionRom rom = new TestDevice().description().rom().orElseThrow();
        ByteBuffer image = rom.image().order(ByteOrder.LITTLE_ENDIAN);

        assertThat(image.getShort(0) & 0xffff).isEqualTo(0xaa55);
        int data = image.getShort(0x18);
        assertThat(text(image.slice(data, 4))).isEqualTo("PCIR");
        assertThat(image.getShort(data + 4) & 0xffff).isEqualTo(TestDevice.VENDOR_ID);
        assertThat(image.getShort(data + 6) & 0xffff).isEqualTo(TestDevice.DEVICE_ID);
        assertThat(image.get(data + 0x0f) & 0xff).as("base class").isEqualTo(0xff);
        assertThat(image.getShort(data + 0x10) * 512).isEqualTo(image.limit());
        assertThat(image.get(data + 0x15) & 0x80).as("last image").isEqualTo(0x80);
        assertThat(text(image.slice(0x40, TestRom.TEXT.length()))).isEqualTo(TestRom.TEXT);
    }

    @Test
    void asAnExpressCardItHasFourKibOfConfigurationSpace() {
        assertThat(new TestDevice(TestOptions.DEFAULT.asExpress()).description().configurationSize())
                .isEqualTo(4096);
        assertThat(new TestDevice().description().configurationSize()).isEqualTo(256);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2048, 4097, Integer.MIN_VALUE})
    void aMemoryOfAnotherSizeIsRefused(int bytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestOptions.DEFAULT.withMemory(bytes))
                .withMessageContaining("power of two");
    }

    @Test
    void theTablesInTheDocumentAreTheDeclarations() {
        TestDevice card = new TestDevice();

        assertThat(Path.of("..", "..", "docs", "devices", "test.md"))
                .content()
                .contains("\n" + card.registers().toMarkdown())
                .contains("\n" + card.ports().toMarkdown());
    }
}
