package org.cardcage.device;

/**
 * A function that is its configuration space and nothing else: what it does is done by whoever carries it, out of the
 * description, as with a bridge. Behind its BARs there is nothing: reads give all ones, writes are lost. It never interrupts and
 * is no bus master by itself.
 *
 * <p>Threads: any; it has no state.
 */
public class SilentModel extends DeviceModel {

    private final FunctionDescription description;

    public SilentModel(FunctionDescription description) {
        this.description = description;
    }

    @Override
    public final FunctionDescription description() {
        return description;
    }

    @Override
    public void powerOn(FunctionPorts ports) {
        // it has nothing to say to anybody
    }

    /** All ones. */
    @Override
    public long read(int bar, long offset, int size) {
        return -1L >>> Long.SIZE - Byte.SIZE * size;
    }

    @Override
    public void write(int bar, long offset, int size, long value) {
        // nothing is behind the BARs
    }

    @Override
    public void reset() {
        // configuration space is all it has
    }

    @Override
    public void powerOff() {
        // configuration space is all it has
    }
}
