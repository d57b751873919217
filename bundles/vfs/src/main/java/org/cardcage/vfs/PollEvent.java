package org.cardcage.vfs;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What can be done with a file without sleeping, or has happened to it (Linux {@code include/uapi/asm-generic/poll.h}). */
public enum PollEvent {
    /** There is something to read. */
    IN(0x001),
    /** There is something urgent. */
    PRI(0x002),
    /** There is room to write. */
    OUT(0x004),
    /** The file is broken; said even if it was not asked for. */
    ERR(0x008),
    /** The other side, or the device, has gone; said even if it was not asked for. */
    HUP(0x010),
    /** The file is not open; said even if it was not asked for. */
    NVAL(0x020);

    /** What a file says that has nothing to wait for (Linux {@code DEFAULT_POLLMASK}). */
    public static final Set<PollEvent> ALWAYS_READY = Collections.unmodifiableSet(EnumSet.of(IN, OUT));

    private final int bit;

    PollEvent(int bit) {
        this.bit = bit;
    }

    /** Its bit in {@code revents}. */
    public int bit() {
        return bit;
    }

    /** The sum of the bits. */
    public static int mask(Set<PollEvent> events) {
        return events.stream().mapToInt(PollEvent::bit).sum();
    }

    /** Whether the event is told even to those who have not asked for it. */
    public boolean isAlwaysTold() {
        return this == ERR || this == HUP || this == NVAL;
    }
}
