package org.cardcage.kmod.internal;

import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.device.Device;
import org.cardcage.kernel.device.Driver;
import org.cardcage.kernel.module.KernelModule;

/** A device of a bus that exists only in tests, and a driver for all such. */
final class TestCard extends Device {

    TestCard(Kernel kernel) {
        super(kernel, "card");
    }

    @Override
    public String busName() {
        return "test";
    }

    /** A driver whose probe and remove do what a test wants. */
    record TestDriver(KernelModule module, Runnable onProbe, Runnable onRemove) implements Driver {

        @Override
        public String busName() {
            return "test";
        }

        @Override
        public String name() {
            return module.name();
        }

        @Override
        public boolean matches(Device device) {
            return device instanceof TestCard;
        }

        @Override
        public void probe(Device device) {
            onProbe.run();
        }

        @Override
        public void remove(Device device) {
            onRemove.run();
        }

        @Override
        public void quiesce(Device device) {
            device.setDrvdata(null);
        }
    }
}
