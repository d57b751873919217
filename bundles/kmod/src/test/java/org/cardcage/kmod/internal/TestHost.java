package org.cardcage.kmod.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cardcage.kernel.module.ModuleParameters;

/** A framework that writes down what it is asked for; a test decides what bundles do. */
final class TestHost implements ModuleHost {

    interface Step {
        void run() throws Exception;
    }

    final List<String> calls = new ArrayList<>();
    final List<String> services = new ArrayList<>();
    ModuleParameters parameters;
    Step onStart = () -> {};
    Step onInitialise = () -> {};
    Step onStop = () -> {};
    private long ids = 10;

    @Override
    public ModuleBundle install(String location, byte[] content) {
        calls.add("install " + location);
        return new TestBundle(++ids);
    }

    @Override
    public Runnable offer(String module, ModuleParameters values) {
        calls.add("offer " + module);
        services.add(module);
        parameters = values;
        return () -> services.remove(module);
    }

    private final class TestBundle implements ModuleBundle {

        private final long id;

        TestBundle(long id) {
            this.id = id;
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public void start() throws Exception {
            calls.add("start");
            onStart.run();
        }

        @Override
        public void initialise() throws Exception {
            calls.add("initialise");
            onInitialise.run();
        }

        @Override
        public void stop() throws Exception {
            calls.add("stop");
            onStop.run();
        }

        @Override
        public void uninstall() {
            calls.add("uninstall");
        }

        @Override
        public Set<Long> dependents() {
            return Set.of();
        }
    }
}
