package org.cardcage.qemu.internal;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a CPU of the machine would do: accesses to memory, ports and configuration space. Each waits for QEMU's answer, so a line
 * that it has moved is known when it returns, and a message that it has caused is found, by this thread or one that tells of it
 * just then. The time goes along in front of it and a look at the doorbell behind, in the same round trip. When QEMU has gone,
 * reads give all ones and writes vanish.
 *
 * <p>Threads: any, and none waits for another. Sinks may be called on the caller's thread.
 */
final class Guest {

    private static final long ONES = -1;

    private final Qtest qtest;
    private final VirtualClock clock;
    private final Doorbell doorbell;
    private final Consumer<String> reporter;

    /** @param reporter told of what QEMU refuses */
    Guest(Qtest qtest, VirtualClock clock, Doorbell doorbell, Consumer<String> reporter) {
        this.qtest = qtest;
        this.clock = clock;
        this.doorbell = doorbell;
        this.reporter = reporter;
    }

    /** What a read of so many bytes gives where nothing answers. */
    static long ones(int size) {
        return ONES >>> Long.SIZE - Byte.SIZE * size;
    }

    /**
     * Sends an access and what belongs around it.
     *
     * @param access adds commands; the reply to the one that counts
     * @return that reply, which is there; null if QEMU has gone
     */
    private Reply send(Function<Commands, Reply> access) {
        Commands commands = qtest.commands();
        clock.addTo(commands);
        Reply reply = access.apply(commands);
        Reply look = doorbell.addTo(commands);
        commands.send();
        try {
            if (look != null) {
                doorbell.answered(look);
            }
            reply.text();
            return reply;
        } catch (QtestRefusedException e) {
            reporter.accept(e.getMessage());
            return null;
        } catch (IOException e) {
            return null; // it has gone, which the listener is told
        }
    }

    /** The number that a command gives; all ones of {@code size} bytes if there is none. */
    long read(int size, Function<Commands, Reply> access) {
        Reply reply = send(access);
        try {
            return reply == null ? ones(size) : reply.value() & ones(size);
        } catch (IOException e) {
            reporter.accept(e.getMessage());
            return ones(size);
        }
    }

    void write(Function<Commands, Reply> access) {
        send(access);
    }

    /** Copies from memory space. */
    byte[] readBlock(long address, int length) {
        Reply reply = send(commands -> commands.readBlock(address, length));
        try {
            if (reply != null) {
                return reply.bytes();
            }
        } catch (IOException e) {
            reporter.accept(e.getMessage());
        }
        byte[] ones = new byte[length];
        Arrays.fill(ones, (byte) ONES);
        return ones;
    }

    /** Lets time and messages come, with no access. */
    void look() {
        Commands commands = qtest.commands();
        Reply time = clock.addTo(commands);
        Reply look = doorbell.addTo(commands);
        commands.send();
        try {
            if (look != null) {
                doorbell.answered(look);
            } else if (time != null) {
                time.text();
            }
        } catch (IOException e) {
            return; // another thread's time was later, or QEMU has gone, which the listener is told
        }
    }
}
