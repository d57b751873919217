package org.cardcage.device;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The behaviour of one PCI function behind its BARs. Configuration space belongs to whoever carries the model and is made
 * from the {@link #description}.
 *
 * <p>Life: made, {@link #powerOn} once, then accesses and resets, then {@link #powerOff} once.
 *
 * <p>Threads: {@link #read}, {@link #write} and {@link #reset} are called from any thread, also at once; the model protects
 * itself. It must hold no lock of its own while it calls a port, since an interrupt or a DMA access may come back to the
 * model on the same thread.
 *
 * <p>A class and not an interface, since a call through it is the hot path of every register access and the JVM calls a
 * class's method faster.
 */
@ConsumerType
public abstract class DeviceModel {

    /** What the function is; the same object for the life of the model. */
    public abstract FunctionDescription description();

    /** The function is in a machine and has power; registers have their power-on values. */
    public abstract void powerOn(FunctionPorts ports);

    /**
     * An access that the description allows: {@code size} is one of the accepted sizes, {@code offset} a multiple of it.
     *
     * @param bar 0 to 5
     * @param offset in bytes from the start of the BAR
     * @param size 1, 2, 4 or 8 bytes
     * @return the value, zero-extended
     */
    public abstract long read(int bar, long offset, int size);

    /** A write; arguments as for {@link #read}, of {@code value} the low {@code size} bytes count. */
    public abstract void write(int bar, long offset, int size, long value);

    /**
     * A reset of the bus or of this function alone, also the one on the way from D3hot to D0. Also called when software
     * switches off the power of the slot or the link to it. Configuration space is reset by whoever carries it.
     */
    public abstract void reset();

    /**
     * Software has put the function into another power state. Outside D0 its BARs do not answer and what it sends is lost,
     * so a model has nothing to do here unless it wants to stop or wake something.
     */
    public void powerState(PowerState state) {
        // nothing to stop
    }

    /**
     * The function loses power or is pulled; the ports do nothing any more. Does not wait: an access or a transfer that
     * began before may still be under way in another thread, but the model starts nothing new.
     */
    public abstract void powerOff();
}
