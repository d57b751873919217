package org.cardcage.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.feature.FeatureBundle;

/** The last column of the table of {@link RemovalIT}: the framework ends in bounded time, whatever its drivers are doing. */
@RunWith(Parameterized.class)
public class ShutdownIT {
    private static final long BOUND_MILLIS = 8000;
    private static final String LAST_LEVEL = "100";

    @Rule
    public final TemporaryFolder cache = new TemporaryFolder();

    private final RemovalState state;

    public ShutdownIT(RemovalState state) {
        this.state = state;
    }

    @Parameters(name = "{0}")
    public static List<RemovalState> states() {
        return Arrays.asList(RemovalState.values());
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

    @Test
    @SuppressWarnings("unchecked")
    public void theFrameworkEndsInTime() throws Exception {
        System.setProperty("cardcage.test.edu", CardcageSystem.jar("org.cardcage.edu.driver"));
        System.setProperty("cardcage.test.stubborn", BuiltModule.of("stubborn"));
        Rig.await("earlier threads to end", () -> threads().isEmpty());
        Framework framework = start(cache.newFolder().toPath());
        Bundle tests = framework.getBundleContext().installBundle(BuiltModule.ofTests());
        tests.start();
        Map.Entry<CountDownLatch, Future<String>> scene =
                (Map.Entry<CountDownLatch, Future<String>>) tests.loadClass(ShutdownScene.class.getName())
                        .getMethod("reach", BundleContext.class, String.class)
                        .invoke(null, tests.getBundleContext(), state.name());

        long start = System.nanoTime();
        framework.stop();
        if (state == RemovalState.PROBE_RUNNING) {
            scene.getKey().countDown();
        }
        FrameworkEvent stopped = framework.waitForStop(BOUND_MILLIS);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

        assertEquals("after " + millis + " ms", FrameworkEvent.STOPPED, stopped.getType());
        scene.getKey().countDown();
        String outcome = scene.getValue().get(BOUND_MILLIS, TimeUnit.MILLISECONDS);
        if (state == RemovalState.READER_ASLEEP || state == RemovalState.INSIDE_IOCTL) {
            assertEquals("ENODEV", outcome);
        }
        Rig.await("the threads to end, there are " + threads(), () -> threads().isEmpty());
        assertTrue(framework.getState() == Bundle.RESOLVED);
    }
}
