package org.cardcage.itests;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.Credentials;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.wiring.FrameworkWiring;

/** How a driver or its card goes: the columns of the table but for the end of the framework, which has a test of its own. */
enum RemovalExit {
    RMMOD_FORCE {
        @Override
        void take(Scene scene, Rig rig, BundleContext context) {
            rig.kmod.rmmod(Credentials.ROOT, scene.state.module, true);
        }
    },
    BUNDLE_STOP {
        @Override
        void take(Scene scene, Rig rig, BundleContext context) throws Exception {
            scene.bundle().stop();
        }
    },
    UNINSTALL_AND_REFRESH {
        @Override
        void take(Scene scene, Rig rig, BundleContext context) throws Exception {
            Bundle bundle = scene.bundle();
            bundle.uninstall();
            CountDownLatch refreshed = new CountDownLatch(1);
            FrameworkListener listener = event -> refreshed.countDown();
            context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                    .adapt(FrameworkWiring.class)
                    .refreshBundles(List.of(bundle), listener);
            if (!refreshed.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the refresh does not end");
            }
        }
    },
    UPDATE {
        @Override
        void take(Scene scene, Rig rig, BundleContext context) throws Exception {
            String jar = System.getProperty("cardcage.test." + scene.state.module);
            try (InputStream content = URI.create(jar).toURL().openStream()) {
                scene.bundle().update(content);
            }
        }
    },
    CARD_UNPLUGGED {
        @Override
        void take(Scene scene, Rig rig, BundleContext context) throws Exception {
            rig.pull(scene.card);
            Rig.await("the card to go", () -> rig.bus.devices().stream().noneMatch(d -> d == scene.device));
        }
    },
    /** Here it is the log that tells how it has ended. */
    DEPLOY_FILE_DELETED {
        @Override
        void take(Scene scene, Rig rig, BundleContext context) throws Exception {
            long before = rig.lastLine();
            String start = "deploy: " + scene.deployedFile().getFileName() + " is gone: ";
            Files.delete(scene.deployedFile());
            Rig.await(
                    "a word about the file", () -> rig.lineAfter(before, start).isPresent());
            String outcome = rig.lineAfter(before, start).orElseThrow().substring(start.length());
            Errno.named(outcome.split(":")[0]).ifPresent(errno -> {
                throw new KernelException(errno, outcome);
            });
        }
    };

    private static final int REFRESH_SECONDS = 30;

    /** Does it; returns when it is done or its time has run out. */
    abstract void take(Scene scene, Rig rig, BundleContext context) throws Exception;

    /** Whether the one who takes it is told that somebody does not leave. */
    boolean saysBusy() {
        return this == RMMOD_FORCE || this == DEPLOY_FILE_DELETED;
    }

    /** Whether the module's bundle is stopped but there as long as somebody is inside. */
    boolean keepsZombieStopped() {
        return saysBusy() || this == BUNDLE_STOP;
    }

    /** Whether the module is loaded afterwards, with new code or without a card. */
    boolean keepsModule() {
        return this == UPDATE || this == CARD_UNPLUGGED;
    }
}
