package org.cardcage.kmod.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
    /** Names of modules, each with that of the one it needs. */
    final Map<String, String> needs = new HashMap<>();

    private final List<TestBundle> installed = new ArrayList<>();
    private long ids = 10;

    @Override
    public ModuleBundle install(String location, byte[] content) {
        calls.add("install " + location);
        TestBundle bundle = new TestBundle(++ids, location.replace("module:", ""));
        installed.add(bundle);
        return bundle;
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
        private final String module;

        TestBundle(long id, String module) {
            this.id = id;
            this.module = module;
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public void start() throws Exception {
            calls.add("start");
            String needed = needs.get(module);
            if (needed != null && installed.stream().noneMatch(other -> other.module.equals(needed))) {
                throw new UnknownSymbolException(List.of(needed + "_symbol"), List.of());
            }
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
            installed.remove(this);
        }

        @Override
        public Set<Long> dependents() {
            return installed.stream()
                    .filter(other -> module.equals(needs.get(other.module)))
                    .map(TestBundle::id)
                    .collect(Collectors.toSet());
        }
    }
}
