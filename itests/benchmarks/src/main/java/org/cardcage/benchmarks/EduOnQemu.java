package org.cardcage.benchmarks;

import java.io.IOException;
import org.cardcage.machine.Scheduler;
import org.cardcage.qemu.QemuMachine;

/** On a QEMU process, with QEMU's own cards; the 100 ms of a transfer are stepped over. */
public class EduOnQemu extends EduRoundTrips {

    private static final long TRANSFER = 100_000_000;

    private QemuMachine qemu;

    @Override
    Rig machine() throws IOException {
        return Rig.on(this::start, () -> qemu.close());
    }

    private QemuMachine start(Scheduler scheduler) throws IOException {
        qemu = QemuMachine.builder(scheduler)
                .arguments(
                        "-device",
                        "edu,addr=" + Rig.slot(0).device(),
                        "-device",
                        "edu,addr=" + Rig.slot(1).device())
                .firmware(Rig::assign)
                .steppedClock()
                .start();
        return qemu;
    }

    @Override
    void transferTime() {
        qemu.step(TRANSFER);
    }
}
