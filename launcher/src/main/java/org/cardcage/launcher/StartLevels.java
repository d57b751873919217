package org.cardcage.launcher;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/** Raises the framework's start level and waits until it is reached. */
final class StartLevels {
    private final FrameworkStartLevel levels;
    private final Duration patience;

    StartLevels(Framework framework, Duration patience) {
        this.levels = framework.adapt(FrameworkStartLevel.class);
        this.patience = patience;
    }

    /** Whether the level was reached in time. */
    boolean raise(int level) throws InterruptedException {
        if (levels.getStartLevel() >= level) {
            return true;
        }
        CountDownLatch reached = new CountDownLatch(1);
        levels.setStartLevel(level, event -> {
            if (event.getType() == FrameworkEvent.STARTLEVEL_CHANGED) {
                reached.countDown();
            }
        });
        return reached.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
