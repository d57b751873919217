package org.cardcage.edu.driver;

import java.nio.ByteBuffer;

/**
 * What one open file of the card remembers between calls: the text it is reading and where in the file that text goes on.
 *
 * <p>Threads: callers of the file, several at once; each method is one step.
 */
final class EduFile {

    private byte[] text;
    private int served;
    private long next;
    private EduCard.Computation viaRegister;

    /** Whether a text goes on, or begins after a write, at this position. */
    synchronized boolean continuesAt(long position) {
        return position != 0 && position == next;
    }

    /** Serves the beginning of a fresh text, which starts at {@code position}. */
    synchronized int begin(byte[] fresh, long position, ByteBuffer to) {
        text = fresh;
        served = 0;
        next = position;
        return serve(to);
    }

    /**
     * Serves the rest of the text.
     *
     * @return how many bytes; -1 if the text does not go on at {@code position}, or only a new one does
     */
    synchronized int goOn(long position, ByteBuffer to) {
        return text != null && continuesAt(position) ? serve(to) : -1;
    }

    private int serve(ByteBuffer to) {
        int count = Math.min(to.remaining(), text.length - served);
        to.put(text, served, count);
        served += count;
        next += count;
        return count;
    }

    /** After a text was written, the next one begins where the write has ended. */
    synchronized void textWritten(long end) {
        text = null;
        next = end;
    }

    synchronized void startedViaRegister(EduCard.Computation computation) {
        viaRegister = computation;
    }

    /** The computation last started through the register by this file, or null. */
    synchronized EduCard.Computation viaRegister() {
        return viaRegister;
    }
}
