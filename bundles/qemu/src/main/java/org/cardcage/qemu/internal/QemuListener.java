package org.cardcage.qemu.internal;

import java.io.IOException;

/**
 * Hears what a QEMU process tells unasked.
 *
 * <p>Threads: {@link #irq} and {@link #gone} on the thread of the connection, {@link #message} on that of the child's output. All
 * must be short; those on the connection's thread must not wait for a {@link Reply}, which that thread would have to bring.
 */
public interface QemuListener {

    /**
     * An intercepted interrupt line has changed its level. Told in the order of events, before the answer to a command that
     * comes after it is there; what a command causes comes before its own answer.
     *
     * @param line the input of the intercepted controller, from 0
     */
    void irq(int line, boolean raised);

    /** A line that QEMU has printed, on whichever stream. */
    default void message(String line) {}

    /**
     * The process or the connection has ended, and not by {@link QemuProcess#close}. Comes once, after the last {@link #irq}; from
     * now on every command fails.
     */
    void gone(IOException reason);
}
