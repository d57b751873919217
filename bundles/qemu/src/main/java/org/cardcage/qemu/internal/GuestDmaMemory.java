package org.cardcage.qemu.internal;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cardcage.machine.DmaMemory;
import org.cardcage.machine.PageAllocator;

/**
 * A range of the machine's RAM. Each access is a command of its own, in the order in which a thread gives them, so the ordered
 * forms are no stronger than the plain ones. Threads: any.
 */
final class GuestDmaMemory implements DmaMemory {

    /** Bytes that one command carries. */
    private static final int PIECE = 1 << 15;

    private final Guest guest;
    private final PageAllocator pages;
    private final long start;
    private final long size;
    private final AtomicBoolean closed = new AtomicBoolean();

    GuestDmaMemory(Guest guest, PageAllocator pages, long start, long size) {
        this.guest = guest;
        this.pages = pages;
        this.start = start;
        this.size = size;
    }

    @Override
    public long deviceAddress() {
        return start;
    }

    @Override
    public long size() {
        return size;
    }

    private long at(long offset, long count) {
        return start + Objects.checkFromIndexSize(offset, count, size);
    }

    private void checkOrdered(long offset, int width) {
        if ((width != 4 && width != 8) || offset % width != 0) {
            throw new IllegalArgumentException(
                    "ordered access of " + width + " bytes at offset " + offset + ": must be 4 or 8 and aligned");
        }
    }

    @Override
    public long get(long offset, int width) {
        long at = at(offset, width);
        return guest.read(width, commands -> commands.read(at, width));
    }

    @Override
    public void put(long offset, int width, long value) {
        long at = at(offset, width);
        guest.write(commands -> commands.write(at, width, value));
    }

    @Override
    public long getAcquire(long offset, int width) {
        checkOrdered(offset, width);
        return get(offset, width);
    }

    @Override
    public void setRelease(long offset, int width, long value) {
        checkOrdered(offset, width);
        put(offset, width, value);
    }

    @Override
    public void copyIn(long offset, ByteBuffer from) {
        long at = at(offset, from.remaining());
        while (from.hasRemaining()) {
            byte[] piece = new byte[Math.min(from.remaining(), PIECE)];
            from.get(piece);
            long to = at;
            guest.write(commands -> commands.writeBlock(to, piece));
            at += piece.length;
        }
    }

    @Override
    public void copyOut(long offset, ByteBuffer to) {
        long at = at(offset, to.remaining());
        while (to.hasRemaining()) {
            byte[] piece = guest.readBlock(at, Math.min(to.remaining(), PIECE));
            to.put(piece);
            at += piece.length;
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            pages.release(start, size);
        }
    }

    @Override
    public String toString() {
        return String.format("DMA memory 0x%x-0x%x", start, start + size - 1);
    }
}
