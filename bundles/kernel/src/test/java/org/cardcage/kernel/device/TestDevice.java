package org.cardcage.kernel.device;

import org.cardcage.kernel.Kernel;

/** A device of a bus that exists only in tests. */
final class TestDevice extends Device {

    TestDevice(Kernel kernel, String name) {
        super(kernel, name);
    }

    @Override
    public String busName() {
        return "test";
    }
}
