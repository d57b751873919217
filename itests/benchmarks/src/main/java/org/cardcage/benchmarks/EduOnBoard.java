package org.cardcage.benchmarks;

import org.cardcage.edu.device.EduDevice;
import org.cardcage.edu.device.EduOptions;

/** On the board in Java, with models in Java that transfer at once. */
public class EduOnBoard extends EduRoundTrips {

    @Override
    Rig machine() {
        EduOptions atOnce = EduOptions.DEFAULT.withDmaDelay(0);
        return new Rig(new EduDevice(atOnce), new EduDevice(atOnce));
    }

    @Override
    void transferTime() {
        // none
    }
}
