package org.cardcage.kernel.irq;

/**
 * Whether an interrupt is on: nobody has disabled it, and it is not stuck (Linux {@code depth} and {@code
 * IRQS_SPURIOUS_DISABLED} of {@code struct irq_desc}).
 *
 * <p>Threads: any. {@code this} guards {@code depth} and {@code stuck}, from which {@code off} follows; the function is masked
 * without it.
 */
final class IrqSwitch {

    /** Tells the functions that drive the interrupt. */
    interface Mask {
        void set(boolean masked);
    }

    private final Mask mask;
    private int depth;
    private boolean stuck;
    private volatile boolean off;

    IrqSwitch(Mask mask) {
        this.mask = mask;
    }

    boolean isOff() {
        return off;
    }

    void disable() {
        boolean before;
        synchronized (this) {
            before = off;
            depth++;
            off = true;
        }
        changed(before);
    }

    /** Returns false if it was not disabled. */
    boolean enable() {
        boolean before;
        synchronized (this) {
            if (depth == 0) {
                return false;
            }
            before = off;
            depth--;
            off = depth > 0 || stuck;
        }
        changed(before);
        return true;
    }

    void setStuck() {
        boolean before;
        synchronized (this) {
            before = off;
            stuck = true;
            off = true;
        }
        changed(before);
    }

    /** @param first whether there was no handler before, so that nobody can have meant to keep it disabled */
    void handlerAdded(boolean first) {
        boolean before;
        synchronized (this) {
            before = off;
            depth = first ? 0 : depth;
            stuck = false;
            off = depth > 0;
        }
        changed(before);
    }

    /** Several may mask and unmask at once: whoever was the last to do so sees here that he was wrong. */
    private void changed(boolean before) {
        boolean now = off;
        while (now != before) {
            before = now;
            mask.set(now);
            now = off;
        }
    }
}
