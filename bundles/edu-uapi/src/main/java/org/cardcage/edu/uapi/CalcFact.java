package org.cardcage.edu.uapi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The record of {@link EduIoctl#CALC_FACT}: two 32-bit little-endian numbers, {@code val} at offset 0 and {@code result} at
 * offset 4.
 *
 * @param val the operand, unsigned
 * @param result its factorial modulo 2^32, unsigned; of no meaning on the way in
 */
public record CalcFact(int val, int result) {

    /** Bytes in a buffer. */
    public static final int SIZE = 8;

    /** A request to compute {@code val}!. */
    public static CalcFact of(int val) {
        return new CalcFact(val, 0);
    }

    /** Takes the record from the next {@link #SIZE} bytes of a buffer, whatever its byte order. */
    public static CalcFact from(ByteBuffer buffer) {
        ByteBuffer bytes = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(buffer.position() + SIZE);
        return new CalcFact(bytes.getInt(0), bytes.getInt(4));
    }

    /** Puts the record into the next {@link #SIZE} bytes of a buffer, whatever its byte order. */
    public void to(ByteBuffer buffer) {
        ByteBuffer bytes = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0, val).putInt(4, result);
        buffer.position(buffer.position() + SIZE);
    }

    /** The record in a buffer of its own, ready to be read. */
    public ByteBuffer toBuffer() {
        ByteBuffer buffer = ByteBuffer.allocate(SIZE);
        to(buffer);
        return buffer.flip();
    }
}
