package org.cardcage.qemu.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.DmaMemory;
import org.cardcage.machine.DmaSpace;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.PageAllocator;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuestTest {

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private FakeQemu qemu = new FakeQemu(new InterruptLines());
    private Guest guest = guest(true);

    private Guest guest(boolean stepped) {
        Doorbell doorbell = new Doorbell(qemu.qtest, 0x10_0000);
        return new Guest(qemu.qtest, new VirtualClock(scheduler, stepped), doorbell, message -> {});
    }

    @AfterEach
    void end() throws Exception {
        qemu.close();
    }

    @Test
    void accessesOfEverySizeGoOutAndComeBack() {
        IoMemory memory = GuestMemory.ofMemory(guest, 0xfea0_0000L, 0x1000);
        memory.write64(8, 0x8877_6655_4433_2211L);
        assertThat(memory.read64(8)).isEqualTo(0x8877_6655_4433_2211L);
        assertThat(memory.read32(12)).isEqualTo(0x8877_6655);
        assertThat(memory.read(12, 4)).isEqualTo(0x8877_6655L);
        assertThat(memory.read16(15)).isEqualTo(0x88);
        memory.write8(8, -1);
        assertThat(memory.read8(8)).isEqualTo(0xff);
        assertThat(qemu.commands).startsWith("writeq 0xfea00008 0x8877665544332211", "readq 0xfea00008");
    }

    @Test
    void eightBytesOfPortsAreTwoAccesses() {
        IoMemory ports = GuestMemory.ofPorts(guest, 0xc000, 16);
        ports.write64(0, 0x1122_3344_5566_7788L);
        assertThat(ports.read64(8)).isZero();
        assertThat(qemu.commands)
                .containsExactly("outl 0xc000 0x55667788", "outl 0xc004 0x11223344", "inl 0xc008", "inl 0xc00c");
    }

    @Test
    void outsideItsRangeAMappingRefuses() {
        IoMemory memory = GuestMemory.ofMemory(guest, 0xfea0_0000L, 0x10);
        assertThatThrownBy(() -> memory.read32(0xd)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.write8(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.read(0, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GuestMemory.ofMemory(guest, -16, 17)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GuestMemory.ofPorts(guest, 0xfff0, 17)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDisconnectedMappingReadsOnesAndARevokedOneThrows() {
        IoMemory memory = GuestMemory.ofMemory(guest, 0xfea0_0000L, 0x10);
        memory.disconnect();
        memory.write32(0, 7);
        assertThat(memory.read32(0)).isEqualTo(-1);
        assertThat(memory.read(0, 2)).isEqualTo(0xffff);
        assertThat(qemu.commands).isEmpty();
        memory.revoke(() -> new IllegalStateException("first"));
        memory.revoke(() -> new IllegalStateException("second"));
        assertThatThrownBy(() -> memory.read32(0)).hasMessage("first");
    }

    @Test
    void dmaMemoryIsZeroedAndKeepsWhatIsWritten() throws Exception {
        qemu.poke(0x20_0000, 8, -1);
        GuestDmaSpace space =
                new GuestDmaSpace(guest, new PageAllocator(List.of(new AddressRange(0x20_0000, 0x1_0000))));
        DmaMemory memory = space.allocate(5000, 0x0fff_ffff, 4096);
        assertThat(memory.deviceAddress()).isEqualTo(0x20_0000);
        assertThat(memory.get(0, 8)).isZero();
        memory.setRelease(4, 4, 0x1234_5678);
        assertThat(memory.getAcquire(0, 8)).isEqualTo(0x1234_5678_0000_0000L);
        memory.copyIn(4090, ByteBuffer.wrap("ten bytes.".getBytes("US-ASCII")));
        ByteBuffer copy = ByteBuffer.allocate(9);
        memory.copyOut(4091, copy);
        assertThat(new String(copy.array(), "US-ASCII")).isEqualTo("en bytes.");
        assertThatThrownBy(() -> memory.get(4993, 8)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.getAcquire(2, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> space.allocate(0x1_0000, -1, 4096)).isInstanceOf(DmaSpace.OutOfMemoryException.class);
        memory.close();
        memory.close();
        assertThat(space.allocate(0x1_0000, -1, 4096).size()).isEqualTo(0x1_0000);
    }

    @Test
    void theTimeGoesAlongOnceAMillisecond() {
        guest = guest(false);
        guest.look();
        scheduler.advance(2_500_000);
        guest.read(4, commands -> commands.read(0, 4));
        guest.read(4, commands -> commands.read(0, 4));
        scheduler.advance(999_999);
        guest.look();
        scheduler.advance(1);
        guest.look();
        assertThat(qemu.commands).containsExactly("clock_set 2500000", "readl 0x0", "readl 0x0", "clock_set 3500000");
    }

    @Test
    void whenQemuHasGoneReadsGiveOnesAndWritesVanish() throws Exception {
        DmaMemory memory = new GuestDmaMemory(
                guest, new PageAllocator(List.of(new AddressRange(0x20_0000, 0x1_0000))), 0x20_0000, 4096);
        qemu.close();
        assertThat(guest.read(2, commands -> commands.read(0, 2))).isEqualTo(0xffff);
        guest.write(commands -> commands.write(0, 4, 1));
        guest.look();
        assertThat(memory.get(0, 8)).isEqualTo(-1);
        ByteBuffer copy = ByteBuffer.allocate(3);
        memory.copyOut(0, copy);
        assertThat(copy.array()).containsOnly(-1);
    }

    @Test
    void aCallerThatWaitsWhenQemuEndsIsAnsweredWithOnes() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        qemu.beSilent();
        qemu.afterEach(command -> asked.countDown());
        FutureTask<Long> read = new FutureTask<>(() -> guest.read(4, commands -> commands.read(0, 4)));
        new Thread(read, "caller").start();
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        qemu.close();
        assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo(0xffff_ffffL);
    }

    @Test
    void aQemuThatHangsIsGivenUp() throws Exception {
        qemu.close();
        qemu = new FakeQemu(new InterruptLines(), Duration.ofMillis(50));
        guest = guest(true);
        qemu.beSilent();
        assertThat(guest.read(4, commands -> commands.read(0, 4))).isEqualTo(0xffff_ffffL);
        assertThat(qemu.gone.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anInterruptedCallerStillGetsTheValueAndStaysInterrupted() {
        qemu.poke(0, 4, 42);
        Thread.currentThread().interrupt();
        assertThat(guest.read(4, commands -> commands.read(0, 4))).isEqualTo(42);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(guest.read(4, commands -> commands.read(0, 4))).isEqualTo(42);
    }
}
