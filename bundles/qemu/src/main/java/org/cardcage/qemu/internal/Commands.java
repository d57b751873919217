package org.cardcage.qemu.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Commands of qtest that go to QEMU together: no other thread's command comes between them, and none waits for the answer of the one
 * before. Each method adds a command and gives the reply to come; {@link #send} sends them. Addresses are physical; all numbers are
 * unsigned; values are little-endian on the bus, as a CPU of a PC sees them.
 *
 * <p>Threads: one.
 */
public final class Commands {

    private static final String SIZES = "bwlq";

    private final Qtest qtest;
    private final StringBuilder text = new StringBuilder();
    private final List<Reply> replies = new ArrayList<>();

    Commands(Qtest qtest) {
        this.qtest = qtest;
    }

    /** Reads an I/O port; {@code size} 1, 2 or 4 bytes. */
    public Reply in(int port, int size) {
        return add("in" + letter(size, 4) + hex(port));
    }

    /** Writes an I/O port; {@code size} 1, 2 or 4 bytes. */
    public Reply out(int port, int size, int value) {
        return add("out" + letter(size, 4) + hex(port) + hex(low(value, size)));
    }

    /** Reads memory space; {@code size} 1, 2, 4 or 8 bytes, at any address. */
    public Reply read(long address, int size) {
        return add("read" + letter(size, 8) + hex(address));
    }

    /** Writes memory space; {@code size} 1, 2, 4 or 8 bytes, at any address. */
    public Reply write(long address, int size, long value) {
        return add("write" + letter(size, 8) + hex(address) + hex(low(value, size)));
    }

    /** Reads a block of memory space, at least one byte; the answer is {@link Reply#bytes}. */
    public Reply readBlock(long address, int length) {
        if (length <= 0) {
            throw new IllegalArgumentException("a block of " + length + " bytes: must be at least 1");
        }
        return add("read" + hex(address) + hex(length));
    }

    /** Writes a block of memory space, at least one byte. */
    public Reply writeBlock(long address, byte[] data) {
        if (data.length == 0) {
            throw new IllegalArgumentException("a block of 0 bytes: must be at least 1");
        }
        return add("write" + hex(address) + hex(data.length) + " 0x"
                + HexFormat.of().formatHex(data));
    }

    /** Fills a block of memory space with one byte. */
    public Reply fill(long address, long length, int value) {
        return add("memset" + hex(address) + hex(length) + hex(value & 0xff));
    }

    /**
     * Lets virtual time pass, and everything happen that is due meanwhile. The answer is the time then, in nanoseconds. QEMU refuses
     * a step of 0.
     */
    public Reply clockStep(long nanos) {
        return add("clock_step " + nanos);
    }

    /** Lets virtual time pass until the next timer; the answer is the time then. Refused if there is none. */
    public Reply clockStep() {
        return add("clock_step");
    }

    /** Lets virtual time pass until {@code nanos}; the answer is the time then. QEMU refuses to go back. */
    public Reply clockSet(long nanos) {
        return add("clock_set " + nanos);
    }

    /**
     * From now on {@link QemuListener#irq} is told of the inputs of an interrupt controller, which still get them. Once per
     * process and kind of line.
     *
     * @param device QEMU's name of the controller, {@code ioapic} on a PC
     */
    public Reply interceptIrqIn(String device) {
        return add("irq_intercept_in " + device);
    }

    /** Asks for the byte order of the guest, {@code little} on a PC: a command that changes nothing. */
    public Reply endianness() {
        return add("endianness");
    }

    private Reply add(String command) {
        Reply reply = new Reply(qtest, command);
        text.append(command).append('\n');
        replies.add(reply);
        return reply;
    }

    private static char letter(int size, int largest) {
        if (size < 1 || size > largest || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException(
                    "an access of " + size + " bytes: must be a power of 2 up to " + largest);
        }
        return SIZES.charAt(Integer.numberOfTrailingZeros(size));
    }

    private static long low(long value, int size) {
        return size == Long.BYTES ? value : value & (1L << size * Byte.SIZE) - 1;
    }

    private static String hex(long value) {
        return " 0x" + Long.toHexString(value);
    }

    /**
     * Sends what has been added and does not wait for the answers, unless very many are due. The object is empty then and can be used
     * again. If the connection has ended, that is told by the replies.
     */
    public void send() {
        if (!replies.isEmpty()) {
            qtest.send(text.toString().getBytes(StandardCharsets.US_ASCII), replies);
            text.setLength(0);
            replies.clear();
        }
    }
}
