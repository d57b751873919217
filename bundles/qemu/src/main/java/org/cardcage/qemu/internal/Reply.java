package org.cardcage.qemu.internal;

import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * The answer to one command, now or later. Whoever asks for it waits until it is there; an interrupt of the waiting thread does
 * not end the wait (its flag stays set), since the command has been given and QEMU's patience is limited anyhow.
 *
 * <p>Threads: any. {@code answer} and {@code failure} are guarded by the object's own lock.
 */
public final class Reply {

    private static final String FAIL = "FAIL";
    private static final String HEX = "0x";

    private final Qtest qtest;
    private final String command;
    private boolean sent;
    private String answer;
    private IOException failure;

    Reply(Qtest qtest, String command) {
        this.qtest = qtest;
        this.command = command;
    }

    String command() {
        return command;
    }

    synchronized void setSent() {
        sent = true;
    }

    /** @param line as received, without the end of the line */
    synchronized void complete(String line) {
        answer = line;
        notifyAll();
    }

    synchronized void fail(IOException reason) {
        failure = reason;
        notifyAll();
    }

    /** Whether {@link #text} and the like would return or throw at once. */
    public synchronized boolean isThere() {
        return answer != null || failure != null;
    }

    /**
     * What QEMU has answered after OK; empty if that was all.
     *
     * @throws QtestRefusedException if it has answered FAIL
     * @throws QemuGoneException if it has ended before it answered, or has answered nothing at all for too long
     * @throws IllegalStateException if the command has not been sent
     */
    public String text() throws IOException {
        String line = await();
        if (line.startsWith(FAIL)) {
            throw new QtestRefusedException(
                    command, line.substring(FAIL.length()).strip());
        }
        return line.substring("OK".length()).strip();
    }

    /**
     * The number that QEMU has answered, of up to 64 bits.
     *
     * @throws IOException as {@link #text}, and if the answer is not a number
     */
    public long value() throws IOException {
        String number = text();
        try {
            return number.startsWith(HEX)
                    ? Long.parseUnsignedLong(number, HEX.length(), number.length(), 16)
                    : Long.parseLong(number);
        } catch (NumberFormatException e) {
            throw new IOException("QEMU answers '" + command + "' with '" + number + "' instead of a number", e);
        }
    }

    /**
     * The block of bytes that QEMU has answered.
     *
     * @throws IOException as {@link #text}, and if the answer is not one
     */
    public byte[] bytes() throws IOException {
        String digits = text();
        if (!digits.startsWith(HEX)) {
            throw new IOException("QEMU answers '" + command + "' with '" + digits + "' instead of bytes");
        }
        return HexFormat.of().parseHex(digits, HEX.length(), digits.length());
    }

    private String await() throws IOException {
        boolean interrupted = false;
        boolean givenUp = false;
        try {
            while (true) {
                long patience = qtest.remainingPatience();
                if (patience <= 0 && !givenUp && !isThere()) {
                    givenUp = true;
                    qtest.giveUp(command);
                }
                synchronized (this) {
                    if (!sent) {
                        throw new IllegalStateException("'" + command + "' has not been sent yet");
                    }
                    if (answer != null) {
                        return answer;
                    }
                    if (failure != null) {
                        throw new QemuGoneException(failure);
                    }
                    try {
                        wait(givenUp ? 0 : TimeUnit.NANOSECONDS.toMillis(patience) + 1);
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
