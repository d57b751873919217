package org.cardcage.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.cardcage.pci.PciDevice;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.OpenFile;
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
import org.osgi.framework.ServiceRegistration;

/** Somebody stops the bundle of kmod, which owns the modules and the deploy folder, and starts it again. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class KmodStopIT {
    private static final String OTHER_SLOT = "0000:00:05.0";
    private static final String NODE = "/dev/label0";
    private static final long TIMEOUT_MILLIS = 10_000;

    @Inject
    private BundleContext context;

    private Rig rig;

    @Configuration
    public Option[] configuration() throws Exception {
        return new Option[] {
            CardcageSystem.system(),
            CoreOptions.systemProperty("cardcage.test.first")
                    .value(BuiltModule.labelled("labelled", "first").toString()),
            CoreOptions.systemProperty("cardcage.test.second")
                    .value(BuiltModule.labelled("labelled", "second").toString()),
            CoreOptions.systemProperty("cardcage.test.stubborn").value(BuiltModule.of("stubborn")),
            CoreOptions.systemProperty("cardcage.test.other").value(BuiltModule.of("second")),
            CoreOptions.systemProperty("cardcage.test.deploy")
                    .value(CardcageSystem.state().resolve("deploy").toString())
        };
    }

    @Before
    public void setUp() throws Exception {
        rig = new Rig(context);
        rig.board();
        rig.card(Scene.SLOT);
        rig.device(Scene.SLOT);
    }

    @After
    public void tearDown() throws Exception {
        Files.deleteIfExists(file());
        bundle("org.cardcage.kmod").start();
        rig.awaitKmod();
        Rig.await(
                "the deployed module to go",
                () -> rig.kmod.loaded().stream().noneMatch(m -> m.name().equals("labelled")));
        rig.clear();
    }

    private static Path file() {
        return Path.of(System.getProperty("cardcage.test.deploy"), "labelled.jar");
    }

    private static void drop(String label) throws Exception {
        Path build = Path.of(System.getProperty("cardcage.test." + label));
        Files.copy(build, file(), StandardCopyOption.REPLACE_EXISTING);
    }

    private Bundle bundle(String name) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }

    private String label() {
        ByteBuffer bytes = ByteBuffer.allocate(100);
        try (OpenFile file = rig.files.open(Credentials.ROOT, NODE, Set.of(OpenFlag.READ), 0)) {
            file.read(bytes);
        }
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    @Test
    public void nothingIsDeployedWithoutItAndAllAgainWithIt() throws Exception {
        Bundle kmod = bundle("org.cardcage.kmod");
        Bundle watcher = bundle("org.apache.felix.fileinstall");
        drop("first");
        Rig.await("the node", () -> rig.exists(NODE));
        long before = rig.lastLine();
        OpenFile open = rig.files.open(Credentials.ROOT, NODE, Set.of(OpenFlag.READ), 0);

        kmod.stop();

        assertEquals(Bundle.RESOLVED, watcher.getState());
        assertNull(context.getBundle("module:labelled"));
        assertEquals("ENODEV", Caller.outcomeOf(() -> open.read(ByteBuffer.allocate(1))));
        open.close();
        assertTrue(!rig.exists(NODE));
        drop("second");
        kmod.start();
        rig.awaitKmod();
        Rig.await("the node", () -> rig.exists(NODE));
        assertEquals("second", label());
        assertEquals(Bundle.ACTIVE, watcher.getState());
        for (Bundle bundle : context.getBundles()) {
            assertTrue(
                    bundle.getLocation(),
                    !bundle.getLocation().contains(file().getParent().toString()));
        }
        for (String fault : List.of("Oops", "refused", "rror")) {
            assertEquals(Optional.empty(), rig.lineAfter(before, fault));
        }
        Files.delete(file());
        Rig.await("the module to go", () -> rig.kmod.loaded().isEmpty());
    }

    @Test
    public void twoDriversThatHangAreWaitedForAsLongAsOne() throws Exception {
        rig.removeTimeout(TIMEOUT_MILLIS);
        rig.card(OTHER_SLOT);
        PciDevice first = rig.device(Scene.SLOT);
        PciDevice second = rig.device(OTHER_SLOT);
        Stage stage = new Stage();
        @SuppressWarnings("rawtypes")
        ServiceRegistration<java.util.function.Function> stageService = context.registerService(
                java.util.function.Function.class, stage, new Hashtable<>(Map.of("test", "stage")));
        try {
            rig.insmod(System.getProperty("cardcage.test.stubborn"), "hold=remove");
            rig.insmod(System.getProperty("cardcage.test.other"));
            assertEquals("stubborn", Rig.driver(first));
            assertEquals("second", Rig.driver(second));
            Bundle kmod = bundle("org.cardcage.kmod");
            long start = System.nanoTime();

            kmod.stop();

            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue("after " + millis + " ms", millis >= TIMEOUT_MILLIS && millis < 2 * TIMEOUT_MILLIS);
            stage.await("remove");
            stage.await("second");
            Rig.await("the devices to be cut off", () -> first.isCutOff() && second.isCutOff());
            kmod.start();
            rig.awaitKmod();
        } finally {
            stage.letGo("remove");
            stage.letGo("second");
        }
        Rig.await(
                "the drivers to come back",
                () -> Rig.driver(first).equals("stubborn") && Rig.driver(second).equals("second"));
        rig.kmod.rmmod(Credentials.ROOT, "stubborn", true);
        rig.kmod.rmmod(Credentials.ROOT, "second", true);
        stageService.unregister();
    }
}
