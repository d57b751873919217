package org.cardcage.edu.uapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class EduIoctlTest {

    private static final int READ = 2;
    private static final int READ_AND_WRITE = 3;

    /** Linux {@code include/uapi/asm-generic/ioctl.h}. */
    private static int ioc(int direction, int size, char type, int number) {
        return direction << 30 | size << 16 | type << 8 | number;
    }

    @Test
    void numbersAreEncodedAsOnLinux() {
        assertThat(EduIoctl.GET_ID).isEqualTo(ioc(READ, 4, 'E', 1));
        assertThat(EduIoctl.CALC_FACT).isEqualTo(ioc(READ_AND_WRITE, CalcFact.SIZE, 'E', 2));
    }

    @Test
    void theRecordIsTwoLittleEndianNumbersInAnyBuffer() {
        ByteBuffer buffer = ByteBuffer.allocate(10).put((byte) 0x7f);
        new CalcFact(0x01020304, 0x05060708).to(buffer);
        assertThat(buffer.position()).isEqualTo(9);
        assertThat(buffer.array()).containsExactly(0x7f, 4, 3, 2, 1, 8, 7, 6, 5, 0);
        buffer.position(1);
        assertThat(CalcFact.from(buffer)).isEqualTo(new CalcFact(0x01020304, 0x05060708));
        assertThat(buffer.position()).isEqualTo(9);
    }
}
