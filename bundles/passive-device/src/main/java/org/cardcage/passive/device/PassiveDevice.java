package org.cardcage.passive.device;

import org.cardcage.device.SilentModel;

/**
 * A function of which only configuration space is known, namely by a dump of a real one. It is found, gets addresses and
 * is bound by its ids like any other; with a type 1 header it is a bridge. Behind its BARs there is nothing: reads give all
 * ones, as if the chip did not answer, and writes are lost. It never interrupts and is no bus master.
 *
 * <p>Threads: any; it has no state.
 */
public class PassiveDevice extends SilentModel {

    /**
     * @param settled whether a reset leaves addresses, bus numbers and enable bits as they are in the image, for a machine
     *     whose firmware has run; otherwise they are for firmware to set up
     * @throws IllegalArgumentException if the image has an address in a BAR of unknown size, or one that does not fit
     */
    public PassiveDevice(ConfigurationImage image, PassiveBars bars, boolean settled) {
        super(PassiveDescription.of(image, bars, settled));
    }
}
