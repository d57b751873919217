package org.cardcage.itests;

import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    };
    // the deleted deploy file is another constant here: RemovalIT.check says what it has to fulfil

    private static final int REFRESH_SECONDS = 20;

    /** Does it; returns when it is done or its time has run out. */
    abstract void take(Scene scene, Rig rig, BundleContext context) throws Exception;

    /** Whether the module is loaded afterwards, with new code or without a card. */
    boolean keepsModule() {
        return this == UPDATE || this == CARD_UNPLUGGED;
    }
}
