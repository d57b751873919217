package org.cardcage.board.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class RamTest {

    private static final int MIB = 1 << 20;

    private final Ram ram = new Ram(64 * MIB);

    private static long directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    @Test
    void readingWhatWasNeverWrittenGivesZerosAndTakesNoMemory() {
        ByteBuffer to = ByteBuffer.allocate(MIB);
        long before = directMemory();

        for (long address = 0; address < 64 * MIB; address += MIB) {
            to.clear().put(0, (byte) 1).put(MIB - 1, (byte) 1);
            ram.copyOut(address, to, MIB);
            assertThat(to.remaining()).isZero();
            assertThat(to.get(0)).isZero();
            assertThat(to.get(MIB - 1)).isZero();
            assertThat(ram.readAcquire(address, 8)).isZero();
        }

        assertThat(directMemory() - before).isLessThan(32L * MIB);
    }

    @Test
    void aCopyRunsOverWhatWasWrittenAndWhatWasNot() {
        ram.write(0x2_0000, 8, 0x0102_0304_0506_0708L);
        ByteBuffer to = ByteBuffer.allocate(0x3_0000);

        ram.copyOut(0x1_0000, to, to.capacity());

        assertThat(to.get(0xffff)).isZero();
        assertThat(to.get(0x1_0000)).isEqualTo((byte) 8);
        assertThat(to.get(0x1_0007)).isEqualTo((byte) 1);
        assertThat(to.get(0x2_0000)).isZero();
    }
}
