package org.cardcage.qemu.internal;

import org.cardcage.machine.DmaMemory;
import org.cardcage.machine.DmaSpace;
import org.cardcage.machine.PageAllocator;

/** DMA memory out of the machine's RAM; bus addresses are physical addresses. Threads: any. */
final class GuestDmaSpace implements DmaSpace {

    private final Guest guest;
    private final PageAllocator pages;

    GuestDmaSpace(Guest guest, PageAllocator pages) {
        this.guest = guest;
        this.pages = pages;
    }

    @Override
    public DmaMemory allocate(long size, long mask, long alignment) throws OutOfMemoryException {
        if (size < 1 || Long.bitCount(alignment) != 1) {
            throw new IllegalArgumentException("DMA memory of " + size + " bytes, aligned to " + alignment
                    + ": the size must be positive and the alignment a power of two");
        }
        long start = pages.allocate(size, mask, alignment);
        if (start < 0) {
            throw new OutOfMemoryException(String.format(
                    "no %d contiguous bytes of RAM are free within the mask 0x%x, aligned to 0x%x",
                    size, mask, alignment));
        }
        guest.write(commands -> commands.fill(start, size, 0));
        return new GuestDmaMemory(guest, pages, start, size);
    }

    @Override
    public boolean supports(long mask) {
        return pages.supports(mask);
    }
}
