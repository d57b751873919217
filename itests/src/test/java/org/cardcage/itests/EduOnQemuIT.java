package org.cardcage.itests;

import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;

/** On a QEMU process, with QEMU's own card. */
public class EduOnQemuIT extends EduFunctions {
    @Configuration
    public Option[] configuration() throws Exception {
        return new Option[] {system(), QemuCards.installed()};
    }

    @Override
    void machine() throws Exception {
        QemuCards.powerOn(context, rig);
    }
}
