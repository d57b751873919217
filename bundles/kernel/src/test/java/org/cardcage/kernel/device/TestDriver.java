package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cardcage.kernel.module.KernelModule;

/** A driver that writes down what happens to it, and does in probe and remove what a test wants. */
final class TestDriver implements Driver {

    interface Step {
        void run(Device device) throws Exception;
    }

    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    final KernelModule module;
    private final String name;
    Step onProbe = device -> {};
    Step onRemove = device -> {};

    TestDriver(String name) {
        this.name = name;
        this.module = new KernelModule(name);
    }

    @Override
    public String busName() {
        return "test";
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public KernelModule module() {
        return module;
    }

    @Override
    public boolean matches(Device device) {
        return device instanceof TestDevice;
    }

    @Override
    public void probe(Device device) throws Exception {
        calls.add("probe " + device.name());
        onProbe.run(device);
    }

    @Override
    public void remove(Device device) throws Exception {
        calls.add("remove " + device.name());
        onRemove.run(device);
    }

    @Override
    public void quiesce(Device device) {
        calls.add("quiesce " + device.name());
    }
}
