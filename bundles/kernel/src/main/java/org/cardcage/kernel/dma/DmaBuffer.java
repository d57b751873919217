package org.cardcage.kernel.dma;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Resources;
import org.cardcage.machine.DmaMemory;

/**
 * Coherent memory of a device. Values are little-endian; offsets are bytes from the start; an access outside the buffer
 * throws {@link IndexOutOfBoundsException}.
 *
 * <p>Threads: any. After {@link #close}, or once the driver has left the device or lost it, each access throws ENODEV; one
 * that another thread began before may still be under way.
 */
public final class DmaBuffer implements AutoCloseable {

    private final DmaMemory memory;
    private final Resources.Entry entry;
    private volatile boolean live = true;

    DmaBuffer(DmaMemory memory, Resources resources) {
        this.memory = memory;
        this.entry = resources.lend(
                Resources.Phase.MEMORY,
                String.format("DMA buffer of %d bytes at 0x%x", memory.size(), memory.deviceAddress()),
                this::revoke,
                this::free);
    }

    /** Whoever is in the middle of an access may still be, so the memory is not given to others. */
    private void revoke() {
        live = false;
    }

    private void free() {
        live = false;
        memory.close();
    }

    private DmaMemory live() {
        if (!live) {
            throw new KernelException(Errno.ENODEV, "use of a DMA buffer that has been freed");
        }
        return memory;
    }

    /** The address to tell the device. */
    public long deviceAddress() {
        return live().deviceAddress();
    }

    /** Size in bytes. */
    public long size() {
        return memory.size();
    }

    public byte get8(long offset) {
        return (byte) live().get(offset, 1);
    }

    public short get16(long offset) {
        return (short) live().get(offset, 2);
    }

    public int get32(long offset) {
        return (int) live().get(offset, 4);
    }

    public long get64(long offset) {
        return live().get(offset, 8);
    }

    public void put8(long offset, int value) {
        live().put(offset, 1, value);
    }

    public void put16(long offset, int value) {
        live().put(offset, 2, value);
    }

    public void put32(long offset, int value) {
        live().put(offset, 4, value);
    }

    public void put64(long offset, long value) {
        live().put(offset, 8, value);
    }

    /** A 32-bit read that later reads of this thread do not overtake (Linux {@code smp_load_acquire}). */
    public int getAcquire32(long offset) {
        return (int) live().getAcquire(offset, 4);
    }

    /** A 64-bit read that later reads of this thread do not overtake. */
    public long getAcquire64(long offset) {
        return live().getAcquire(offset, 8);
    }

    /** A 32-bit write that does not overtake earlier writes of this thread (Linux {@code smp_store_release}). */
    public void setRelease32(long offset, int value) {
        live().setRelease(offset, 4, value);
    }

    /** A 64-bit write that does not overtake earlier writes of this thread. */
    public void setRelease64(long offset, long value) {
        live().setRelease(offset, 8, value);
    }

    /** Copies the remaining bytes of {@code from} to {@code offset}. */
    public void copyIn(long offset, ByteBuffer from) {
        live().copyIn(offset, from);
    }

    /** Fills the remaining space of {@code to} from {@code offset}. */
    public void copyOut(long offset, ByteBuffer to) {
        live().copyOut(offset, to);
    }

    /**
     * Several accesses with one check. The view must not be kept: it does not notice the end of the buffer.
     */
    public void access(Consumer<DmaMemory> body) {
        body.accept(live());
    }

    /** Frees the memory (Linux {@code dma_free_coherent}); the device must not use it any more. */
    @Override
    public void close() {
        entry.release();
    }
}
