package org.cardcage.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.cardcage.kernel.Errno;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.FrameworkWiring;

/** A module that comes, is used and goes again and again leaves nothing, whichever way; one that does is found. */
public class UnloadRoundsIT extends OnBoard {
    private static final boolean FULL = Boolean.getBoolean("cardcage.full");
    private static final int LOAD_ROUNDS = FULL ? 2000 : 200;
    private static final int DEPLOY_ROUNDS = FULL ? 1000 : 100;
    private static final String KEPT = "cardcage.test.leak";
    private static final String MODULE = "test.stubborn";
    private static final String FILE = "stubborn.jar";

    private Stage stage;
    private ServiceRegistration<?> stageService;

    @Configuration
    public Option[] configuration() throws Exception {
        String module = BuiltModule.of("stubborn");
        return new Option[] {
            CardcageSystem.system(),
            CoreOptions.frameworkProperty("felix.fileinstall.poll").value("20"),
            CoreOptions.systemProperty("cardcage.test.stubborn").value(module),
            CoreOptions.systemProperty("cardcage.test.stubborn.file")
                    .value(URI.create(module).getPath()),
            CoreOptions.systemProperty("cardcage.test.first")
                    .value(BuiltModule.labelled("stubborn", "first").toString()),
            CoreOptions.systemProperty("cardcage.test.second")
                    .value(BuiltModule.labelled("stubborn", "second").toString()),
            CoreOptions.systemProperty("cardcage.test.deploy")
                    .value(CardcageSystem.state().resolve("deploy").toString())
        };
    }

    @Before
    @SuppressWarnings("rawtypes")
    public void setUp() throws Exception {
        rig.card(SLOT);
        rig.device(SLOT);
        stage = new Stage();
        stageService = context.registerService(Function.class, stage, new Hashtable<>(Map.of("test", "stage")));
    }

    @After
    public void tearDown() throws Exception {
        Files.deleteIfExists(deployed());
        stageService.unregister();
    }

    private static Path deployed() {
        return Path.of(System.getProperty("cardcage.test.deploy"), FILE);
    }

    /** Begins to count when all is there that is made once and kept. */
    private Census census() throws Exception {
        loadRound(List.of());
        try (Census settled = new Census(rig, context, MODULE)) {
            Rig.await("nothing to go any more", () -> settled.left().isEmpty());
        }
        return new Census(rig, context, MODULE);
    }

    private Bundle module() {
        return context.getBundle("module:stubborn");
    }

    /** Has the card interrupt through a file that stays open. */
    private OpenFile use() throws Exception {
        stage.again("irq");
        stage.letGo("irq");
        OpenFile file = rig.files.open(Credentials.ROOT, "/dev/stubborn0", Set.of(OpenFlag.READ), 0);
        raise(file);
        stage.await("irq");
        return file;
    }

    private static void raise(OpenFile file) {
        ByteBuffer nothing = ByteBuffer.allocate(0);
        file.ioctl(Scene.RAISE, nothing, nothing);
    }

    private void loadRound(List<String> parameters, Census... censuses) throws Exception {
        rig.insmod(System.getProperty("cardcage.test.stubborn"), parameters.toArray(String[]::new));
        use().close();
        for (Census census : censuses) {
            census.expectToGo(module());
        }
        rig.rmmod("stubborn");
    }

    /** As cp does: an old file is written over, not deleted first. */
    private static void drop(String build) throws IOException {
        Files.write(deployed(), Files.readAllBytes(Path.of(System.getProperty("cardcage.test." + build))));
    }

    private void deployRound(Census census) throws Exception {
        String line = "deploy: " + FILE;
        rig.untilLogged(line + ": module stubborn loaded", () -> drop("first"));
        census.expectToGo(module());
        OpenFile old = use();
        rig.untilLogged(line + ": module stubborn replaced", () -> drop("second"));
        census.expectToGo(module());
        assertEquals(Errno.ENODEV, Rig.errnoOf(() -> raise(old)));
        OpenFile file = use();
        rig.untilLogged(line + " is gone: module stubborn unloaded", () -> Files.delete(deployed()));
        assertEquals(Errno.ENODEV, Rig.errnoOf(() -> raise(file)));
        old.close();
        file.close();
    }

    @Test
    public void loadingAndUnloadingLeavesNothing() throws Exception {
        try (Census census = census()) {
            for (int i = 0; i < LOAD_ROUNDS; i++) {
                loadRound(List.of(), census);
            }
            assertNothingLeft(census);
        }
    }

    @Test
    public void deployingUpdatingAndDeletingLeavesNothing() throws Exception {
        try (Census census = census()) {
            for (int i = 0; i < DEPLOY_ROUNDS; i++) {
                deployRound(census);
            }
            assertNothingLeft(census);
        }
    }

    private static void assertNothingLeft(Census census) {
        Rig.await(
                () -> "nothing to be left, and there is " + census.left(),
                () -> census.left().isEmpty());
    }

    @Test
    public void aClassLoaderThatIsKeptIsFound() throws Exception {
        assertFound("class loader");
    }

    @Test
    public void aThreadThatIsLeftIsFound() throws Exception {
        assertFound("thread");
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
        try (Census census = census()) {
            loadRound(List.of("leak=\"" + leak + "\""), census);
            awaitFound(leak, census);
            mend(System.getProperties().remove(KEPT));
            assertNothingLeft(census);
        }
    }

    /** What is left may keep the class loader. */
    private static void awaitFound(String leak, Census census) {
        Rig.await(() -> "only a " + leak + " to be left, and there is " + census.left(), () -> {
            Set<String> left = census.left();
            boolean found = left.removeIf(what -> what.startsWith(leak));
            left.removeIf(what -> what.startsWith("class loader"));
            return found && left.isEmpty();
        });
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

    @Test
    public void anotherBundleThatIsRestartedIsFound() throws Exception {
        try (Census census = census()) {
            loadRound(List.of("leak=restart"), census);
            awaitFound("restart", census);
        }
    }

    @Test
    public void aWiringThatIsHeldByAnotherBundleIsFound() throws Exception {
        try (Census census = census()) {
            rig.insmod(System.getProperty("cardcage.test.stubborn"));
            census.expectToGo(module());
            Bundle holder = context.installBundle("holder", bundleThatRequires(MODULE));
            holder.start();
            rig.rmmod("stubborn");
            Rig.await("the module to go", () -> rig.kmod.loaded().isEmpty());
            assertTrue(
                    census.left().toString(), census.left().stream().anyMatch(what -> what.startsWith("wiring: old")));
            holder.uninstall();
            context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                    .adapt(FrameworkWiring.class)
                    .refreshBundles(null);
            assertNothingLeft(census);
        }
    }

    @Test
    public void aSecondWiringOfTheModuleIsFound() throws Exception {
        try (Census census = census()) {
            rig.insmod(System.getProperty("cardcage.test.stubborn"));
            Bundle holder = context.installBundle("holder", bundleThatRequires(MODULE));
            holder.start();
            module().update(Files.newInputStream(Path.of(System.getProperty("cardcage.test.first"))));
            assertThrows(AssertionError.class, () -> census.expectToGo(module()));
            assertTrue(census.left().toString(), census.left().stream().anyMatch(what -> what.startsWith("wiring: 2")));
            holder.uninstall();
            rig.rmmod("stubborn");
            context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                    .adapt(FrameworkWiring.class)
                    .refreshBundles(null);
            assertNothingLeft(census);
        }
    }

    private static ByteArrayInputStream bundleThatRequires(String symbolicName) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, symbolicName + ".holder");
        main.putValue(Constants.REQUIRE_BUNDLE, symbolicName);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
