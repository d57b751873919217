package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.cardcage.machine.DmaMemory;
import org.cardcage.machine.DmaSpace;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DmaTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");
    private static final FunctionAddress PEER = FunctionAddress.parse("00:05.0");
    private static final long RAM = 64 << 20;

    private final Board board = Board.builder(new SteppedScheduler())
            .withoutFirmware()
            .busPolicy(BusPolicy.QEMU)
            .ram(RAM)
            .build();
    private final TestCard card = TestCard.plain();
    private final TestCard peer = TestCard.plain();
    private DmaSpace dma;

    @BeforeEach
    void plugTwoCards() {
        board.plug(SLOT, card);
        board.plug(PEER, peer);
        board.powerOn();
        board.writeConfig(SLOT, 4, 2, 4);
        board.writeConfig(PEER, 0x10, 4, 0xfe000000);
        board.writeConfig(PEER, 4, 2, 2);
        peer.journal.clear();
        dma = board.dma(SLOT);
    }

    private static ByteBuffer bytes(int count) {
        byte[] pattern = new byte[count];
        for (int i = 0; i < count; i++) {
            pattern[i] = (byte) (i + 1);
        }
        return ByteBuffer.wrap(pattern);
    }

    private static ByteBuffer filled(int count) {
        ByteBuffer b = ByteBuffer.allocate(count);
        Arrays.fill(b.array(), (byte) 0xee);
        return b;
    }

    @Test
    void deviceAndCpuSeeTheSameMemory() throws Exception {
        DmaMemory memory = dma.allocate(100_000, -1, 1);

        assertThat(card.ports.dma().write(memory.deviceAddress() + 65_530, bytes(12)))
                .isTrue();
        assertThat(memory.get(65_530, 8)).isEqualTo(0x0807_0605_0403_0201L);
        assertThat(memory.get(65_538, 4)).isEqualTo(0x0c0b0a09);

        memory.put(3, 4, 0x11223344);
        ByteBuffer read = ByteBuffer.allocate(4);
        assertThat(card.ports.dma().read(memory.deviceAddress() + 3, read)).isTrue();
        assertThat(read.array()).containsExactly(0x44, 0x33, 0x22, 0x11);
    }

    @Test
    void bulkCopiesAndOrderedAccessesAgree() throws Exception {
        DmaMemory memory = dma.allocate(70_000, -1, 1);
        ByteBuffer source = bytes(70_000);

        memory.copyIn(0, source);
        ByteBuffer copy = ByteBuffer.allocateDirect(70_000);
        memory.copyOut(0, copy);

        assertThat(source.hasRemaining()).isFalse();
        assertThat(copy.flip()).isEqualTo(bytes(70_000));
        memory.setRelease(8, 8, -2);
        assertThat(memory.getAcquire(8, 8)).isEqualTo(-2);
        memory.setRelease(4, 4, -1);
        assertThat(memory.getAcquire(4, 4)).isEqualTo(0xffff_ffffL);
        assertThat(memory.get(5, 1)).isEqualTo(0xff);
        assertThatThrownBy(() -> memory.getAcquire(2, 4)).isInstanceOf(IllegalArgumentException.class);
        for (long offset : new long[] {-1, 69_997, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> memory.get(offset, 4)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> memory.put(offset, 4, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void withoutBusMasteringReadsGiveTheBusAnswerAndWritesAreLost() throws Exception {
        DmaMemory memory = dma.allocate(16, -1, 1);
        memory.put(0, 8, -1);
        board.writeConfig(SLOT, 4, 2, 0);
        ByteBuffer read = filled(8);

        assertThat(card.ports.dma().read(memory.deviceAddress(), read)).isFalse();
        assertThat(card.ports.dma().write(memory.deviceAddress(), bytes(8))).isFalse();

        assertThat(read.hasRemaining()).isFalse();
        assertThat(read.array()).containsOnly(0);
        assertThat(memory.get(0, 8)).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource(BusPolicy.class)
    void afterAResetABusMasterIsStoppedByTheBusPolicyOrByTheNextCommandWrite(BusPolicy policy) {
        Board other = Board.builder(new SteppedScheduler())
                .withoutFirmware()
                .busPolicy(policy)
                .build();
        TestCard master = TestCard.plain();
        other.plug(SLOT, master);
        other.powerOn();
        other.writeConfig(SLOT, 4, 2, 4);

        other.reset();

        assertThat(other.readConfig(SLOT, 4, 2)).isZero();
        assertThat(master.ports.dma().write(0x20_0000, bytes(4))).isEqualTo(policy == BusPolicy.QEMU);
        other.writeConfig(SLOT, 5, 1, 1);
        assertThat(master.ports.dma().write(0x20_0000, bytes(4))).isEqualTo(policy == BusPolicy.QEMU);
        other.writeConfig(SLOT, 4, 1, 0);
        assertThat(master.ports.dma().write(0x20_0000, bytes(4))).isFalse();
    }

    @Test
    void aTransferOverTheEndOfRamDoesItsRamPart() {
        ByteBuffer read = filled(16);
        board.map(RAM - 8, 8).write64(0, -1);

        assertThat(card.ports.dma().read(RAM - 8, read)).isFalse();
        assertThat(card.ports.dma().write(RAM - 4, bytes(16))).isFalse();

        assertThat(read.array()).containsExactly(-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThat(board.map(RAM - 4, 4).read32(0)).isEqualTo(0x04030201);
    }

    @Test
    void aTransferToNobodyIsNotCutUp() {
        LongAdder pieces = new LongAdder();
        Board other = Board.builder(new SteppedScheduler())
                .withoutFirmware()
                .splitting((address, left, largest) -> {
                    pieces.increment();
                    return AccessSplitting.ALIGNED.next(address, left, largest);
                })
                .build();
        TestCard master = TestCard.plain();
        TestCard neighbour = TestCard.plain();
        other.plug(SLOT, master);
        other.plug(PEER, neighbour);
        other.powerOn();
        other.writeConfig(SLOT, 4, 2, 4);
        other.writeConfig(PEER, 0x10, 4, 0xfe00_0000);
        other.writeConfig(PEER, 4, 2, 2);
        ByteBuffer read = ByteBuffer.allocate(0x10_0000);

        assertThat(master.ports.dma().read(0xfdf0_0010L, read)).isFalse();
        assertThat(master.ports.dma().write(0xfdf0_0010L, read.flip())).isFalse();

        assertThat(neighbour.journal)
                .containsExactly("powerOn", "read 0:0/8", "read 0:8/8", "write 0:0/8=0", "write 0:8/8=0");
        assertThat(pieces.sum()).isLessThan(10);
        assertThat(read.get(0xf_ffef)).isEqualTo((byte) -1);
        assertThat(read.get(0xf_fff0)).isZero();
        assertThat(other.aborts(SLOT)).isEqualTo(2);
    }

    @Test
    void oneFunctionReachesAnothersBar() {
        assertThat(card.ports.dma().write(0xfe00_0004L, bytes(12))).isTrue();
        ByteBuffer read = ByteBuffer.allocate(12);
        assertThat(card.ports.dma().read(0xfe00_0004L, read)).isTrue();

        assertThat(peer.journal)
                .containsExactly("write 0:4/4=4030201", "write 0:8/8=c0b0a0908070605", "read 0:4/4", "read 0:8/8");
        assertThat(read.flip()).isEqualTo(bytes(12));
    }

    @Test
    void allocationsAreZeroedAlignedDistinctAndReused() throws Exception {
        DmaMemory first = dma.allocate(5000, -1, 1);
        DmaMemory second = dma.allocate(1, -1, 0x10000);
        first.put(0, 8, -1);

        assertThat(first.deviceAddress() % 4096).isZero();
        assertThat(first.deviceAddress()).isGreaterThanOrEqualTo(1 << 20);
        assertThat(second.deviceAddress() % 0x10000).isZero();
        assertThat(Math.abs(first.deviceAddress() - second.deviceAddress())).isGreaterThanOrEqualTo(4096);

        first.close();
        first.close();
        DmaMemory third = dma.allocate(5000, -1, 1);
        assertThat(third.deviceAddress()).isEqualTo(first.deviceAddress());
        assertThat(third.get(0, 8)).isZero();
    }

    @Test
    void theMaskBoundsEachAddressOfTheRange() throws Exception {
        assertThat(dma.allocate(1 << 20, 0x1fffff, 1).deviceAddress()).isEqualTo(1 << 20);
        assertThatThrownBy(() -> dma.allocate(4096, 0x1fffff, 1))
                .isInstanceOf(DmaSpace.OutOfMemoryException.class)
                .hasMessageContaining("0x1fffff");
        assertThat(dma.supports(0xfffff)).isFalse();
        assertThat(dma.supports(0x1fffff)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0x2ff_ffffL, 0x3ef_ffffL, 0x100_ffffL, 0x3cf_ffffL})
    void aMaskWithHolesIsHonoured(long mask) throws Exception {
        List<DmaMemory> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            DmaMemory memory = dma.allocate(8192, mask, 1);
            for (long at = memory.deviceAddress(); at < memory.deviceAddress() + 8192; at++) {
                assertThat(at & ~mask).isZero();
            }
            all.add(memory);
        }
        assertThat(all).extracting(DmaMemory::deviceAddress).doesNotHaveDuplicates();
    }

    @Test
    void allOfRamButTheFirstMibCanBeHadAndComesTogetherAgain() throws Exception {
        long most = RAM - (1 << 20);
        List<DmaMemory> halves = List.of(dma.allocate(most / 2, -1, 1), dma.allocate(most / 2, -1, 1));
        assertThatThrownBy(() -> dma.allocate(1, -1, 1)).isInstanceOf(DmaSpace.OutOfMemoryException.class);

        halves.get(1).close();
        halves.get(0).close();

        assertThat(dma.allocate(most, -1, 1).size()).isEqualTo(most);
        assertThatThrownBy(() -> dma.allocate(Long.MAX_VALUE, -1, 1)).isInstanceOf(DmaSpace.OutOfMemoryException.class);
    }
}
