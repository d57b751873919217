package org.cardcage.kernel.dma;

import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Resources;
import org.cardcage.machine.DmaMemory;
import org.cardcage.machine.DmaSpace;

/**
 * The DMA side of one device.
 *
 * <p>Threads: any; {@code mask} is volatile.
 */
public final class DeviceDma {

    private static final int DEFAULT_BITS = 32;
    private static final long PAGE = 4096;

    private final DmaSpace space;
    private final Resources resources;
    private volatile long mask = bits(DEFAULT_BITS);

    /**
     * @param space what the device can reach
     * @param resources where allocations are written down
     */
    public DeviceDma(DmaSpace space, Resources resources) {
        this.space = space;
        this.resources = resources;
    }

    private static long bits(int count) {
        return count == Long.SIZE ? -1L : (1L << count) - 1;
    }

    /**
     * Says how many address bits the device drives (Linux {@code dma_set_mask_and_coherent}); 32 unless said otherwise.
     *
     * @param addressBits 1 to 64
     * @throws KernelException EIO if the machine has no memory that such a device can reach
     */
    public void setMask(int addressBits) {
        if (addressBits < 1 || addressBits > Long.SIZE) {
            throw new KernelException(Errno.EINVAL, addressBits + " address bits; must be 1 to 64");
        }
        if (!space.supports(bits(addressBits))) {
            throw new KernelException(Errno.EIO, "no memory can be reached with " + addressBits + " address bits");
        }
        mask = bits(addressBits);
    }

    /** The mask in force: ones where the device drives an address bit. */
    public long mask() {
        return mask;
    }

    /**
     * Allocates zeroed memory that CPU and device see alike (Linux {@code dma_alloc_coherent}). The driver frees it; if it
     * does not, that is done and said when it leaves the device.
     *
     * @param size in bytes, at least 1
     * @throws KernelException ENOMEM if there is none below the mask, EINVAL for a size below 1
     */
    public DmaBuffer allocate(long size) {
        if (size < 1) {
            throw new KernelException(Errno.EINVAL, "a DMA buffer of " + size + " bytes");
        }
        try {
            DmaMemory memory = space.allocate(size, mask, PAGE);
            return new DmaBuffer(memory, resources);
        } catch (DmaSpace.OutOfMemoryException e) {
            throw new KernelException(Errno.ENOMEM, e.getMessage(), e);
        }
    }
}
