package org.cardcage.board.internal;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cardcage.machine.DmaMemory;
import org.cardcage.machine.PageAllocator;

/** A range of the board's RAM. Threads: any. */
final class RamDmaMemory implements DmaMemory {

    private final Ram ram;
    private final PageAllocator pages;
    private final long start;
    private final long size;
    private final AtomicBoolean closed = new AtomicBoolean();

    RamDmaMemory(Ram ram, PageAllocator pages, long start, long size) {
        this.ram = ram;
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

    private long aligned(long offset, int width) {
        if ((width != 4 && width != 8) || offset % width != 0) {
            throw new IllegalArgumentException(
                    "ordered access of " + width + " bytes at offset " + offset + ": must be 4 or 8 and aligned");
        }
        return at(offset, width);
    }

    @Override
    public long get(long offset, int width) {
        return ram.read(at(offset, width), width);
    }

    @Override
    public void put(long offset, int width, long value) {
        ram.write(at(offset, width), width, value);
    }

    @Override
    public long getAcquire(long offset, int width) {
        return ram.readAcquire(aligned(offset, width), width);
    }

    @Override
    public void setRelease(long offset, int width, long value) {
        ram.writeRelease(aligned(offset, width), width, value);
    }

    @Override
    public void copyIn(long offset, ByteBuffer from) {
        ram.copyIn(at(offset, from.remaining()), from, from.remaining());
    }

    @Override
    public void copyOut(long offset, ByteBuffer to) {
        ram.copyOut(at(offset, to.remaining()), to, to.remaining());
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
