package org.cardcage.itests;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.osgi.framework.BundleContext;

/** What {@link ShutdownIT} has done inside the framework that it ends; only types of the JDK cross the border. */
public final class ShutdownScene {
    private static final long TIMEOUT_MILLIS = 300;

    private ShutdownScene() {}

    /**
     * Brings about a state of a driver.
     *
     * @param state a {@link RemovalState}
     * @return the latch that lets go who hangs, and how the call that was under way ends
     */
    public static Map.Entry<CountDownLatch, Future<String>> reach(BundleContext context, String state)
            throws Exception {
        Rig rig = new Rig(context);
        rig.removeTimeout(TIMEOUT_MILLIS);
        rig.board();
        Scene scene = new Scene(rig, context, RemovalState.valueOf(state));
        scene.reach();
        CountDownLatch letGo = scene.stage.apply(scene.state.place() + " go");
        Future<String> none = CompletableFuture.completedFuture("none");
        return Map.entry(letGo, scene.caller == null ? none : scene.caller.outcome);
    }
}
