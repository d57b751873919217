package org.cardcage.machine;

import java.util.Objects;
import java.util.function.Supplier;

/** A part of a handle that can be taken away by itself. */
final class IoWindow extends IoMemory {

    private final IoMemory whole;
    private final long start;
    private final long length;
    private volatile boolean disconnected;
    private volatile Supplier<? extends RuntimeException> revoked;

    IoWindow(IoMemory whole, long start, long length) {
        Objects.checkFromIndexSize(start, length, whole.length());
        this.whole = whole;
        this.start = start;
        this.length = length;
    }

    @Override
    public long address() {
        return whole.address() + start;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public long read(long offset, int size) {
        check(offset, size);
        return disconnected ? -1L >>> 64 - 8 * size : whole.read(start + offset, size);
    }

    @Override
    public void write(long offset, int size, long value) {
        check(offset, size);
        if (!disconnected) {
            whole.write(start + offset, size, value);
        }
    }

    private void check(long offset, int size) {
        Supplier<? extends RuntimeException> reason = revoked;
        if (reason != null) {
            throw reason.get();
        }
        Objects.checkFromIndexSize(offset, size, length);
    }

    @Override
    public void disconnect() {
        disconnected = true;
    }

    @Override
    public synchronized void revoke(Supplier<? extends RuntimeException> reason) {
        if (revoked == null) {
            revoked = reason;
        }
    }
}
