package org.cardcage.edu.device;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.cardcage.machine.IoMemory;

/**
 * The running transfer at which a recorded QEMU 7.2 died, and what shall happen here instead: if QEMU 9.1 accepts its
 * range, it moves its bytes; if not, it moves nothing, is counted and reported with both addresses. Either way it ends and
 * interrupts as usual.
 *
 * <p>Made before the end of the transfer. For one thread.
 */
final class OutOfRange {

    private static final int START = 0x40000;
    private static final int SIZE = 0x1000;
    private static final int MARGIN = 64;

    private static final int COMMAND_MASTER = 1 << 2;
    private static final int STATUS_INTERRUPT = 1 << 19;

    private final EduDevice card;
    private final IoMemory ram;
    private final List<String> reports;

    private final long command;
    private final long device;
    private final long target;
    private final long bus;
    private final long count;
    private final long pending;
    private final byte[] buffer;
    private final long firstByte;
    private final byte[] memory;
    private final long rejected;
    private final int reported;

    OutOfRange(EduDevice card, IoMemory ram, long dmaMask, List<String> reports) {
        this.card = card;
        this.ram = ram;
        this.reports = reports;
        command = card.read(0, 0x98, 8);
        boolean toRam = (command & EduDma.TO_RAM) != 0;
        device = card.read(0, toRam ? 0x80 : 0x88, 8);
        target = card.read(0, toRam ? 0x88 : 0x80, 8);
        bus = target & dmaMask;
        count = card.read(0, 0x90, 8);
        pending = card.read(0, 0x24, 4);
        buffer = bufferNow();
        firstByte = Math.max(0, Math.min(bus, ram.length()) - MARGIN);
        memory = memoryNow();
        rejected = card.rejectedTransfers();
        reported = reports.size();
    }

    private byte[] bufferNow() {
        ByteBuffer contents = card.buffer();
        byte[] bytes = new byte[contents.remaining()];
        contents.get(bytes);
        return bytes;
    }

    private byte[] memoryNow() {
        byte[] bytes = new byte[(int) Math.min(SIZE + 2 * MARGIN, ram.length() - firstByte)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ram.read8(firstByte + i);
        }
        return bytes;
    }

    private boolean isAccepted() {
        BigInteger from = unsigned(device);
        BigInteger to = from.add(unsigned(count));
        return from.compareTo(BigInteger.valueOf(START)) >= 0 && to.compareTo(BigInteger.valueOf(START + SIZE)) <= 0;
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    /**
     * What is otherwise than it shall be, after the deadline.
     *
     * @param commandAndStatus of configuration space
     * @param messages whether MSI is enabled
     */
    List<String> differencesFromDeviation(int commandAndStatus, boolean messages) {
        List<String> wrong = new ArrayList<>();
        if ((command & EduDma.RUN) == 0) {
            wrong.add("QEMU died, but no transfer was running here");
            return wrong;
        }
        expect(wrong, "command", command & ~EduDma.RUN, card.read(0, 0x98, 8));
        boolean interrupts = (command & EduDma.INTERRUPT_ENABLE) != 0;
        expect(wrong, "pending", interrupts ? pending | EduDma.INTERRUPT : pending, card.read(0, 0x24, 4));
        if (interrupts && !messages) {
            expect(wrong, "interrupt status", STATUS_INTERRUPT, commandAndStatus & STATUS_INTERRUPT);
        }
        byte[] bytes = buffer.clone();
        byte[] there = memory.clone();
        if (isAccepted()) {
            move(bytes, there, (commandAndStatus & COMMAND_MASTER) != 0);
        }
        expect(wrong, "buffer", bytes, bufferNow());
        expect(wrong, "memory", there, memoryNow());
        expect(wrong, "rejected transfers", isAccepted() ? rejected : rejected + 1, card.rejectedTransfers());
        if (!isAccepted() && !isReported()) {
            wrong.add("no report names " + Long.toHexString(device) + " and " + Long.toHexString(target));
        }
        return wrong;
    }

    private void move(byte[] bytes, byte[] there, boolean master) {
        int offset = (int) (device - START);
        for (int i = 0; i < count; i++) {
            long place = bus + i - firstByte;
            boolean inRam = master && place >= 0 && place < there.length;
            if ((command & EduDma.TO_RAM) == 0) {
                bytes[offset + i] = inRam ? there[(int) place] : 0;
            } else if (inRam) {
                there[(int) place] = bytes[offset + i];
            }
        }
    }

    private boolean isReported() {
        return reports.subList(reported, reports.size()).stream()
                .anyMatch(r ->
                        r.contains("0x" + Long.toHexString(device)) && r.contains("0x" + Long.toHexString(target)));
    }

    private static void expect(List<String> wrong, String what, long expected, long actual) {
        if (expected != actual) {
            wrong.add(String.format("%s shall be 0x%x, is 0x%x", what, expected, actual));
        }
    }

    private static void expect(List<String> wrong, String what, byte[] expected, byte[] actual) {
        int at = Arrays.mismatch(expected, actual);
        if (at >= 0) {
            HexFormat hex = HexFormat.of();
            wrong.add(String.format(
                    "%s at 0x%x shall be %s, is %s",
                    what, at, hex.toHexDigits(expected[at]), hex.toHexDigits(actual[at])));
        }
    }
}
