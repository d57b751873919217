package org.cardcage.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kmod.LoadedModule;
import org.cardcage.pci.PciDevice;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.OpenFlag;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Every state of a driver meets every way in which it or its card can leave: callers are told ENODEV, nobody waits much longer
 * than the time-out, nothing is left. A driver that hangs becomes a zombie, and everything else goes on.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class RemovalIT {
    private static final String OTHER_SLOT = "0000:00:05.0";
    /** The time-out where somebody hangs. */
    private static final long TIMEOUT_MILLIS = 300;
    /** The time-out where nobody does; longer than anything here is waited for, so that it must not run out. */
    private static final long NEVER_MILLIS = 60_000;
    /** On top of the time-out, for a machine that is busy otherwise. */
    private static final long MARGIN_MILLIS = 10_000;

    @Inject
    private BundleContext context;

    private Rig rig;

    @Configuration
    public Option[] configuration() throws Exception {
        String edu = CardcageSystem.jar("org.cardcage.edu.driver");
        String stubborn = BuiltModule.of("stubborn");
        List<Option> presets = new ArrayList<>();
        for (RemovalState state : RemovalState.values()) {
            String module = state.module.equals("edu") ? edu : stubborn;
            presets.add(CoreOptions.systemProperty("cardcage.test.preset." + state)
                    .value(BuiltModule.preset(module, "test-" + state + ".jar", state.parameters)
                            .toString()));
        }
        return new Option[] {
            CardcageSystem.system(),
            CoreOptions.systemProperty("cardcage.test.edu").value(edu),
            CoreOptions.systemProperty("cardcage.test.stubborn").value(stubborn),
            CoreOptions.systemProperty("cardcage.test.deploy")
                    .value(CardcageSystem.state().resolve("deploy").toString()),
            CoreOptions.composite(presets.toArray(Option[]::new))
        };
    }

    @Before
    public void setUp() throws Exception {
        rig = new Rig(context);
        removeTimeout(NEVER_MILLIS);
        rig.board();
        rig.card(OTHER_SLOT);
        rig.device(OTHER_SLOT);
    }

    private void removeTimeout(long millis) {
        rig.kernel.setRemoveTimeout(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @After
    public void tearDown() throws Exception {
        for (RemovalState state : RemovalState.values()) {
            Files.deleteIfExists(Path.of(System.getProperty("cardcage.test.deploy"), state + ".jar"));
        }
        removeTimeout(TIMEOUT_MILLIS);
        rig.clear();
    }

    @Test
    public void rmmodByForce() throws Exception {
        allStates(RemovalExit.RMMOD_FORCE);
    }

    @Test
    public void bundleStop() throws Exception {
        allStates(RemovalExit.BUNDLE_STOP);
    }

    @Test
    public void uninstallAndRefresh() throws Exception {
        allStates(RemovalExit.UNINSTALL_AND_REFRESH);
    }

    @Test
    public void update() throws Exception {
        allStates(RemovalExit.UPDATE);
    }

    @Test
    public void cardUnplugged() throws Exception {
        allStates(RemovalExit.CARD_UNPLUGGED);
    }

    @Test
    public void deployFileDeleted() throws Exception {
        allStates(RemovalExit.DEPLOY_FILE_DELETED);
    }

    @Test
    public void rmmodByForceTakesALoadBack() throws Exception {
        String module = System.getProperty("cardcage.test.stubborn");
        try (Scene scene = new Scene(rig, context, RemovalState.PROBE_RUNNING)) {
            scene.plug();
            Caller insmod = new Caller("insmod", () -> rig.insmod(module, "hold=probe"));
            scene.stage.await("probe");
            assertEquals("EBUSY", Caller.outcomeOf(() -> rig.rmmod("stubborn")));
            Caller rmmod = new Caller("rmmod", () -> rig.kmod.rmmod(Credentials.ROOT, "stubborn", true));
            Rig.await("the load to be taken back", () -> states(scene).contains(KernelModule.State.GOING));
            scene.letGo();
            assertEquals("ENODEV", insmod.outcome());
            assertEquals("ok", rmmod.outcome());
            assertEquals(List.of(), rig.kmod.loaded());
            assertEquals(List.of(), scene.device.resources().held());
            assertFalse(scene.device.isCutOff());
        }
    }

    private void allStates(RemovalExit exit) throws Exception {
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        for (RemovalState state : RemovalState.values()) {
            try {
                List<String> before = rig.traces();
                WeakReference<ClassLoader> loader = check(state, exit);
                Rig.await(
                        "nothing to be left; there is " + rig.traces(),
                        () -> rig.traces().equals(before));
                Rig.await("the class loader to be collected", () -> isCollected(loader));
            } catch (Throwable t) { // says which cell it was
                throw new AssertionError(state + " × " + exit + ": " + t.getMessage(), t);
            }
        }
        Rig.await("the threads to end", () -> threads.containsAll(ourThreads()));
    }

    private static Set<Thread> ourThreads() {
        Set<Thread> all = new java.util.HashSet<>(Thread.getAllStackTraces().keySet());
        all.removeIf(thread -> !thread.getName().startsWith("cardcage"));
        return all;
    }

    private static boolean isCollected(WeakReference<?> reference) {
        System.gc();
        return reference.get() == null;
    }

    /** One cell; the class loader of the driver as it was. */
    private WeakReference<ClassLoader> check(RemovalState state, RemovalExit exit) throws Exception {
        try (Scene scene = new Scene(rig, context, state, exit == RemovalExit.DEPLOY_FILE_DELETED)) {
            removeTimeout(state.isHung() ? TIMEOUT_MILLIS : NEVER_MILLIS);
            scene.reach();
            assertEquals(List.of(KernelModule.State.LIVE), states(scene));
            long before = rig.lastLine();
            Bundle bundle = scene.bundle();
            WeakReference<ClassLoader> loader =
                    new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
            String outcome = leave(scene, exit);

            if (state.isHung()) {
                assertEquals(exit.saysBusy() ? "EBUSY" : "ok", outcome);
                checkZombie(scene, exit, before);
                othersGoOn(scene);
                scene.letGo();
            } else {
                assertEquals("ok", outcome);
            }
            checkGone(scene, exit);
            cleanUp(scene, exit, bundle);
            return loader;
        }
    }

    /** Takes the way out; how that has ended. */
    private String leave(Scene scene, RemovalExit exit) throws Exception {
        long start = System.nanoTime();
        Caller leaving = new Caller("leaving", () -> exit.take(scene, rig, context));
        if (scene.state == RemovalState.PROBE_RUNNING) {
            Rig.await("the removal to begin", () -> scene.device.isGone() || hasWithdrawn(scene));
            scene.letGo();
        }
        String outcome = leaving.outcome();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue("took " + millis + " ms", millis < TIMEOUT_MILLIS + MARGIN_MILLIS);
        return outcome;
    }

    /** Whether the driver is no more offered to devices. */
    private boolean hasWithdrawn(Scene scene) {
        return rig.kernel.drivers().drivers().stream()
                .noneMatch(driver -> driver.name().equals(scene.state.module));
    }

    /** Stopped but not gone, its card unusable, and somebody says who does not leave. */
    private void checkZombie(Scene scene, RemovalExit exit, long before) throws Exception {
        if (scene.state == RemovalState.HUNG_IN_REMOVE) {
            scene.stage.await("remove");
        }
        Rig.await(
                "the report",
                () -> rig.lineAfter(before, "does not leave the driver").isPresent());
        Rig.await("the device to be cut off", scene.device::isCutOff);
        if (exit != RemovalExit.CARD_UNPLUGGED) {
            assertTrue(states(scene).contains(KernelModule.State.GOING));
            assertTrue(rig.kernel.proc().read("modules").orElseThrow().contains(" Unloading "));
            assertTrue(rig.bus.device(scene.device.address()).isPresent());
        }
        if (exit.keepsZombieStopped()) {
            assertEquals(Bundle.RESOLVED, scene.bundle().getState());
            assertEquals("EBUSY", Caller.outcomeOf(() -> rig.insmod(System.getProperty("cardcage.test.stubborn"))));
        }
        Rig.await("the node to go", () -> !rig.exists(scene.node()));
        if (scene.state == RemovalState.HUNG_IN_IOCTL) {
            assertEquals("ENODEV", Caller.outcomeOf(() -> scene.ioctl(Scene.RAISE)));
            assertFalse(scene.caller.isDone());
        }
    }

    private List<KernelModule.State> states(Scene scene) {
        return rig.kmod.loaded().stream()
                .filter(m -> m.name().equals(scene.state.module))
                .map(LoadedModule::state)
                .toList();
    }

    /** Another driver comes, works with another card, and goes. */
    private void othersGoOn(Scene scene) throws Exception {
        PciDevice other = rig.device(OTHER_SLOT);
        String outcome = new Caller("bystander", () -> {
                    rig.insmod(System.getProperty("cardcage.test.edu"));
                    assertEquals("edu", Rig.driver(other));
                    ByteBuffer text = ByteBuffer.allocate(100);
                    rig.files
                            .open(Credentials.ROOT, "/dev/edu0", Set.of(OpenFlag.READ), 0)
                            .read(text);
                    assertTrue(text.position() > 0);
                    rig.kmod.rmmod(Credentials.ROOT, "edu", true);
                })
                .outcome();
        assertEquals("ok", outcome);
        assertFalse(scene.stage.isReached("late class"));
    }

    private void checkGone(Scene scene, RemovalExit exit) throws Exception {
        RemovalState state = scene.state;
        PciDevice device = scene.device;
        if (state == RemovalState.READER_ASLEEP || state == RemovalState.INSIDE_IOCTL) {
            assertEquals("ENODEV", scene.caller.outcome());
        }
        if (state == RemovalState.HUNG_IN_IOCTL && exit != RemovalExit.UNINSTALL_AND_REFRESH) {
            scene.stage.await(exit == RemovalExit.UPDATE ? "hung" : "late class");
        }
        if (exit == RemovalExit.UPDATE) {
            Rig.await(
                    "the new driver",
                    () -> Rig.driver(device).equals(state.module)
                            && states(scene).size() == 1);
            assertEquals(List.of(KernelModule.State.LIVE), states(scene));
            assertFileIsDead(scene);
            return;
        }
        Rig.await("the driver to leave", () -> Rig.driver(device).isEmpty());
        Rig.await("the node to go", () -> !rig.exists(scene.node()));
        Rig.await("all to be given back", () -> device.resources().held().isEmpty());
        if (exit != RemovalExit.CARD_UNPLUGGED) {
            Rig.await("the module to go", () -> states(scene).isEmpty());
        }
        assertFileIsDead(scene);
    }

    private static void assertFileIsDead(Scene scene) {
        if (scene.file != null) {
            assertEquals("ENODEV", Caller.outcomeOf(() -> scene.ioctl(Scene.RAISE)));
        }
    }

    private void cleanUp(Scene scene, RemovalExit exit, Bundle bundle) throws Exception {
        if (exit.keepsModule()) {
            rig.kmod.rmmod(Credentials.ROOT, scene.state.module, true);
        } else if (bundle.getState() != Bundle.UNINSTALLED) {
            assertEquals(RemovalExit.BUNDLE_STOP, exit);
            bundle.uninstall();
        }
        if (exit != RemovalExit.CARD_UNPLUGGED) {
            rig.pull(scene.card);
            Rig.await("the card to go", () -> rig.bus.devices().stream().noneMatch(d -> d == scene.device));
        }
    }
}
