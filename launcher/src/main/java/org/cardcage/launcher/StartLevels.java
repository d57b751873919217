package org.cardcage.launcher;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/**
 * Starts the framework and raises its start level. Waits for the event that says so and not for the call: events come
 * in order, so the errors of that level have been told by then.
 */
final class StartLevels {
    private final Framework framework;
    private final Duration patience;

    StartLevels(Framework framework, Duration patience) {
        this.framework = framework;
        this.patience = patience;
    }

    /** Starts the framework and the bundles of level 1; whether that happened in time. */
    boolean start() throws BundleException, InterruptedException {
        try (Sign started = new Sign(FrameworkEvent.STARTED)) {
            framework.start();
            return started.await();
        }
    }

    /** Starts the bundles up to this level; whether that happened in time. */
    boolean raise(int level) throws InterruptedException {
        FrameworkStartLevel levels = framework.adapt(FrameworkStartLevel.class);
        if (levels.getStartLevel() >= level) {
            return true;
        }
        try (Sign changed = new Sign(FrameworkEvent.STARTLEVEL_CHANGED)) {
            levels.setStartLevel(level);
            return changed.await();
        }
    }

    /** An event that is to come. */
    private final class Sign implements FrameworkListener, AutoCloseable {
        private final BundleContext context = framework.getBundleContext();
        private final CountDownLatch seen = new CountDownLatch(1);
        private final int type;

        Sign(int type) {
            this.type = type;
            context.addFrameworkListener(this);
        }

        @Override
        public void frameworkEvent(FrameworkEvent event) {
            if (event.getType() == type) {
                seen.countDown();
            }
        }

        boolean await() throws InterruptedException {
            return seen.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() {
            context.removeFrameworkListener(this);
        }
    }
}
