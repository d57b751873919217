package org.cardcage.itests;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.cardcage.kernel.device.Resources;
import org.cardcage.pci.PciDevice;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;

/** What a test of the framework's end has done inside it; only types of the JDK cross the border. */
public final class ShutdownScene {
    /** Slot of the second of two cards. */
    private static final String OTHER_SLOT = "0000:00:05.0";

    private ShutdownScene() {}

    /**
     * Brings about a state of a driver.
     *
     * @param state a {@link RemovalState}
     * @param removeTimeout in milliseconds
     * @return what can be asked afterwards, see {@link #questions}
     */
    public static Map<String, Callable<?>> reach(BundleContext context, String state, long removeTimeout)
            throws Exception {
        Rig rig = new Rig(context);
        rig.removeTimeout(removeTimeout);
        rig.board();
        Scene scene = new Scene(rig, context, RemovalState.valueOf(state));
        scene.reach();
        return questions(scene);
    }

    /**
     * Two drivers that will hang in remove.
     *
     * @param removeTimeout in milliseconds
     */
    public static Map<String, Callable<?>> reachTwo(BundleContext context, long removeTimeout) throws Exception {
        Rig rig = new Rig(context);
        rig.removeTimeout(removeTimeout);
        rig.board();
        Scene scene = new Scene(rig, context, RemovalState.HUNG_IN_REMOVE);
        scene.reach();
        rig.card(OTHER_SLOT);
        PciDevice other = rig.device(OTHER_SLOT);
        rig.insmod(System.getProperty("cardcage.test.second"));
        Rig.await("the second driver", () -> Rig.driver(other).equals("second"));
        return questions(scene);
    }

    /**
     * {@code let go}: whoever hangs goes on. {@code is leaving}: whether the removal has begun. {@code is cut off}: whether
     * the device has been taken from its driver. {@code outcome}: how the call that was under way has ended. {@code held}: what
     * is held of the device, in words. {@code class loader}: of the driver, weakly. {@code reached}: awaits that both drivers
     * of {@link #reachTwo} are in remove; whether the second was told before that the machine shuts down.
     */
    private static Map<String, Callable<?>> questions(Scene scene) {
        WeakReference<ClassLoader> loader =
                new WeakReference<>(scene.bundle().adapt(BundleWiring.class).getClassLoader());
        // no class can be loaded here when the framework has ended, hence all is touched now
        List<CountDownLatch> latches = Stream.of(scene.state.place(), "irq", "second")
                .map(place -> scene.stage.apply(place + " go"))
                .toList();
        held(scene.device);
        return Map.of(
                "let go",
                () -> {
                    for (CountDownLatch latch : latches) {
                        latch.countDown();
                    }
                    return null;
                },
                "is leaving",
                scene.device::isGone,
                "is cut off",
                scene.device::isCutOff,
                "outcome",
                () -> scene.caller == null ? "none" : scene.caller.outcome(),
                "held",
                () -> held(scene.device),
                "class loader",
                () -> loader,
                "reached",
                () -> {
                    scene.stage.await("remove");
                    scene.stage.await("second");
                    return scene.stage.apply("second shutdown").getCount() == 0;
                });
    }

    private static List<String> held(PciDevice device) {
        List<String> words = new ArrayList<>();
        for (Resources.Entry entry : device.resources().held()) {
            words.add(entry.toString());
        }
        device.nodes().forEach(node -> words.add("/dev/" + node.name()));
        device.driver().ifPresent(driver -> words.add("driver " + driver.name()));
        return words;
    }
}
