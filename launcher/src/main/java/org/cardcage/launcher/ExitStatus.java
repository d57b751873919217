package org.cardcage.launcher;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;

/** The way out for the bundles: the first call fixes the exit status of the process and stops the framework. */
final class ExitStatus implements IntConsumer {
    /** Property of the service, see the README. */
    static final String ROLE = "exit";

    private final Framework framework;
    private final AtomicReference<Integer> status = new AtomicReference<>();

    ExitStatus(Framework framework) {
        this.framework = framework;
    }

    @Override
    public void accept(int wanted) {
        if (status.compareAndSet(null, wanted)) {
            try {
                framework.stop();
            } catch (BundleException e) {
                throw new IllegalStateException("the framework does not stop", e);
            }
        }
    }

    int status() {
        Integer wanted = status.get();
        return wanted == null ? 0 : wanted;
    }
}
