package org.cardcage.edu.driver;

import java.nio.ByteBuffer;

/**
 * What one open file of the card remembers between calls: the text it is reading and where in the file that text goes on.
 *
 * <p>Threads: callers of the file; all methods are synchronized.
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

    /** Whether a text is being read, so that no new one is needed to continue. */
    synchronized boolean hasText() {
        return text != null;
    }

    synchronized void beginText(byte[] fresh, long position) {
        text = fresh;
        served = 0;
        next = position;
    }

    /** Serves as much of the rest of the text as there is space for. */
    synchronized int serve(ByteBuffer to) {
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
