package org.cardcage.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.inject.Inject;
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
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.BundleWiring;

/** A module that is loaded, used and unloaded again and again leaves nothing; one that does is found. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class UnloadRoundsIT {
    private static final int ROUNDS = Boolean.getBoolean("cardcage.full") ? 2000 : 200;
    private static final String KEPT = "cardcage.test.leak";

    @Inject
    private BundleContext context;

    private Rig rig;
    private Stage stage;
    private ServiceRegistration<?> stageService;

    @Configuration
    public Option[] configuration() throws Exception {
        String module = BuiltModule.of("stubborn");
        return new Option[] {
            CardcageSystem.system(),
            CoreOptions.systemProperty("cardcage.test.stubborn").value(module),
            CoreOptions.systemProperty("cardcage.test.stubborn.file")
                    .value(java.net.URI.create(module).getPath())
        };
    }

    @Before
    @SuppressWarnings("rawtypes")
    public void setUp() throws Exception {
        rig = new Rig(context);
        rig.board();
        rig.card(Scene.SLOT);
        rig.device(Scene.SLOT);
        stage = new Stage();
        stageService = context.registerService(
                java.util.function.Function.class, stage, new java.util.Hashtable<>(Map.of("test", "stage")));
        round(); // what is made once and kept
    }

    @After
    public void tearDown() throws Exception {
        stageService.unregister();
        rig.clear();
    }

    /** Loads, uses and unloads; the class loader as it was. */
    private WeakReference<ClassLoader> round(String... parameters) throws Exception {
        rig.insmod(System.getProperty("cardcage.test.stubborn"), parameters);
        try (OpenFile file = rig.files.open(Credentials.ROOT, "/dev/stubborn0", Set.of(OpenFlag.READ), 0)) {
            java.nio.ByteBuffer nothing = java.nio.ByteBuffer.allocate(0);
            stage.letGo("irq");
            file.ioctl(Scene.RAISE, nothing, nothing);
            stage.await("irq");
        }
        WeakReference<ClassLoader> loader = new WeakReference<>(
                context.getBundle("module:stubborn").adapt(BundleWiring.class).getClassLoader());
        rig.rmmod("stubborn");
        return loader;
    }

    private static boolean areCollected(List<WeakReference<ClassLoader>> loaders) {
        System.gc();
        return loaders.stream().allMatch(loader -> loader.get() == null);
    }

    @Test
    public void nothingIsLeft() throws Exception {
        try (Census census = new Census(rig, context, "test.stubborn")) {
            List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                loaders.add(round());
            }
            Rig.await("the class loaders to be collected", () -> areCollected(loaders));
            Rig.await("nothing to be left", () -> census.left().isEmpty());
            assertEquals(Set.of(), census.left());
        }
    }

    @Test
    public void aThreadThatIsLeftIsFound() throws Exception {
        assertFound("thread");
    }

    @Test
    public void aClassLoaderThatIsKeptIsFound() throws Exception {
        WeakReference<ClassLoader> loader = round("leak=\"class loader\"");
        for (int i = 0; i < 20; i++) {
            assertFalse("it must not be collected", areCollected(List.of(loader)));
        }
        assertTrue(System.getProperties().remove(KEPT) != null);
        Rig.await("the class loader to be collected", () -> areCollected(List.of(loader)));
    }

    @Test
    public void aServiceThatIsLeftIsFound() throws Exception {
        assertFound("service");
    }

    @Test
    public void aListenerThatIsLeftIsFound() throws Exception {
        assertFound("listener");
    }

    @Test
    public void aFileThatIsLeftIsFound() throws Exception {
        assertFound("file");
    }

    /** After one round that leaks, the census names it; when it has been mended, no more. */
    private void assertFound(String leak) throws Exception {
        try (Census census = new Census(rig, context, "test.stubborn")) {
            round("leak=" + leak);
            Rig.await("all else to go", () -> census.left().size() == 1);
            assertTrue(census.left().toString(), census.left().iterator().next().startsWith(leak));
            mend(System.getProperties().remove(KEPT));
            Rig.await("nothing to be left", () -> census.left().isEmpty());
        }
    }

    private void mend(Object kept) throws Exception {
        stage.letGo("leak");
        if (kept instanceof ServiceRegistration<?> registration) {
            registration.unregister();
        } else if (kept instanceof AutoCloseable file) {
            file.close();
        } else if (kept instanceof Runnable undo) {
            undo.run();
        }
    }
}
