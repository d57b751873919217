package org.cardcage.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.feature.FeatureBundle;

/** The last column of the table of {@link RemovalIT}: the framework ends in bounded time, whatever its drivers are doing. */
public class ShutdownIT {
    /** The time-out for removals where somebody hangs. */
    private static final long TIMEOUT_MILLIS = 300;
    /** Where nobody does; longer than anything here is waited for, so that it must not run out. */
    private static final long NEVER_MILLIS = 60_000;
    /** Where two do, longer than all else takes on a busy machine. */
    private static final long LONG_TIMEOUT_MILLIS = 12_000;
    /** On top of the time-out, for a machine that is busy otherwise. */
    private static final long MARGIN_MILLIS = 20_000;

    private static final String LAST_LEVEL = "100";

    @Rule
    public final TemporaryFolder cache = new TemporaryFolder();

    private Framework framework;

    @Before
    public void modules() throws Exception {
        System.setProperty("cardcage.test.edu", CardcageSystem.jar("org.cardcage.edu.driver"));
        System.setProperty("cardcage.test.stubborn", BuiltModule.of("stubborn"));
        System.setProperty("cardcage.test.second", BuiltModule.of("second"));
        Rig.await("earlier threads to end", () -> threads().isEmpty());
    }

    private static Framework start(Path folder) throws Exception {
        Framework framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.toString(),
                        Constants.FRAMEWORK_BEGINNING_STARTLEVEL,
                        LAST_LEVEL,
                        "felix.log.level",
                        "0"));
        framework.init();
        BundleContext context = framework.getBundleContext();
        for (FeatureBundle listed : CardcageSystem.bundles()) {
            String artifact = listed.getID().getArtifactId();
            if (!artifact.matches(".*(gogo|shell|jline).*")) {
                Bundle bundle = context.installBundle(CardcageSystem.jar(artifact));
                int level = ((Long) listed.getMetadata().get("start-level")).intValue();
                bundle.adapt(BundleStartLevel.class).setStartLevel(level);
                bundle.start();
            }
        }
        framework.start();
        return framework;
    }

    private static Set<String> threads() {
        Set<String> names = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("cardcage")) {
                names.add(thread.getName());
            }
        }
        return names;
    }

    /** Starts a framework and has a method of {@link ShutdownScene} called in it. */
    @SuppressWarnings("unchecked")
    private Map<String, Callable<?>> scene(String method, Object... arguments) throws Exception {
        framework = start(cache.newFolder().toPath());
        Bundle tests = framework.getBundleContext().installBundle(BuiltModule.ofTests());
        tests.start();
        List<Class<?>> types = new ArrayList<>(List.of(BundleContext.class));
        List<Object> values = new ArrayList<>(List.of(tests.getBundleContext()));
        for (Object argument : arguments) {
            types.add(argument instanceof Long ? long.class : argument.getClass());
            values.add(argument);
        }
        return (Map<String, Callable<?>>) tests.loadClass(ShutdownScene.class.getName())
                .getMethod(method, types.toArray(Class[]::new))
                .invoke(null, values.toArray());
    }

    private static Object ask(Map<String, Callable<?>> scene, String question) {
        try {
            return scene.get(question).call();
        } catch (Exception e) {
            throw new IllegalStateException(question, e);
        }
    }

    @Test
    public void theFrameworkEndsInTimeInEachState() throws Exception {
        for (RemovalState state : RemovalState.values()) {
            try {
                WeakReference<?> loader = end(state);
                Rig.await("the class loader to be collected", () -> isCollected(loader));
            } catch (Throwable t) { // says which cell it was
                throw new AssertionError(state + ": " + t.getMessage(), t);
            }
        }
    }

    /** One cell; the class loader of the driver as it was. */
    private WeakReference<?> end(RemovalState state) throws Exception {
        long timeout = state.isHung() ? TIMEOUT_MILLIS : NEVER_MILLIS;
        Map<String, Callable<?>> scene = scene("reach", state.name(), timeout);

        long start = System.nanoTime();
        framework.stop();
        if (state == RemovalState.PROBE_RUNNING) {
            Rig.await("the removal to begin", () -> (boolean) ask(scene, "is leaving"));
            ask(scene, "let go");
        }
        FrameworkEvent stopped = framework.waitForStop(TIMEOUT_MILLIS + MARGIN_MILLIS);
        assertEquals("after " + millisSince(start) + " ms", FrameworkEvent.STOPPED, stopped.getType());

        if (state.isHung()) { // it leaves without its classes, so what it holds then is the framework's to forget
            Rig.await("the device to be cut off", () -> (boolean) ask(scene, "is cut off"));
        } else {
            assertEquals(List.of(), ask(scene, "held"));
        }
        ask(scene, "let go");
        if (state == RemovalState.READER_ASLEEP || state == RemovalState.INSIDE_IOCTL) {
            assertEquals("ENODEV", ask(scene, "outcome"));
        }
        Rig.await("the threads to end, there are " + threads(), () -> threads().isEmpty());
        assertEquals(Bundle.RESOLVED, framework.getState());
        framework = null;
        return (WeakReference<?>) ask(scene, "class loader");
    }

    private static boolean isCollected(WeakReference<?> reference) {
        System.gc();
        return reference.get() == null;
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    @Test
    public void twoDriversThatHangAreWaitedForAsLongAsOne() throws Exception {
        Map<String, Callable<?>> scene = scene("reachTwo", LONG_TIMEOUT_MILLIS);
        long start = System.nanoTime();
        framework.stop();
        boolean shutDown = (boolean) ask(scene, "reached");
        FrameworkEvent stopped = framework.waitForStop(2 * LONG_TIMEOUT_MILLIS);
        long millis = millisSince(start);
        ask(scene, "let go");
        assertTrue("told before it was removed", shutDown);
        assertEquals("after " + millis + " ms", FrameworkEvent.STOPPED, stopped.getType());
        assertTrue("after " + millis + " ms", millis >= LONG_TIMEOUT_MILLIS && millis < 2 * LONG_TIMEOUT_MILLIS);
        Rig.await("the threads to end, there are " + threads(), () -> threads().isEmpty());
    }
}
