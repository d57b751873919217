package org.cardcage.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.cardcage.kernel.Errno;
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

/** Files come, change and go in the deploy folder, which FileInstall watches; a driver and its node follow. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class DeployIT {
    private static final String SLOT = "0000:00:04.0";
    private static final String NODE = "/dev/label0";

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
            CoreOptions.systemProperty("cardcage.test.deploy")
                    .value(CardcageSystem.state().resolve("deploy").toString())
        };
    }

    @Before
    public void setUp() throws Exception {
        rig = new Rig(context);
        rig.board();
        rig.card(SLOT);
        rig.device(SLOT);
    }

    @After
    public void tearDown() throws Exception {
        try (Stream<Path> files = Files.list(deploy())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Rig.await("the modules to go", () -> rig.kmod.loaded().isEmpty());
        rig.clear();
    }

    private static Path deploy() {
        return Path.of(System.getProperty("cardcage.test.deploy"));
    }

    private static Path module(String label) {
        return Path.of(System.getProperty("cardcage.test." + label));
    }

    /** Copies a build of the driver into the folder, bit by bit as a copy does. */
    private static void drop(String label, String name) throws IOException {
        Files.copy(module(label), deploy().resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void delete(String name) throws IOException {
        Files.delete(deploy().resolve(name));
    }

    private OpenFile open() {
        return rig.files.open(Credentials.ROOT, NODE, Set.of(OpenFlag.READ), 0);
    }

    private static String read(OpenFile file) {
        ByteBuffer bytes = ByteBuffer.allocate(100);
        file.read(bytes);
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    private void awaitLine(String start) {
        Rig.await(
                start,
                () -> rig.kernel.log().records().stream()
                        .anyMatch(line -> line.text().startsWith(start)));
    }

    private void awaitNode() {
        Rig.await("the node", () -> rig.exists(NODE));
    }

    @Test
    public void aDroppedDriverIsLoadedAndItsNodeAppears() throws Exception {
        drop("first", "labelled.jar");

        awaitNode();

        try (OpenFile file = open()) {
            assertEquals("first", read(file));
        }
        assertNotNull(context.getBundle("module:labelled"));
        for (Bundle bundle : context.getBundles()) {
            assertTrue(bundle.getLocation(), !bundle.getLocation().contains(deploy().toString()));
        }
    }

    @Test
    public void aChangedFileSwapsTheDriverUnderAnOpenFile() throws Exception {
        drop("first", "labelled.jar");
        awaitNode();
        OpenFile old = open();
        assertEquals("first", read(old));

        drop("second", "labelled.jar");

        awaitLine("deploy: labelled.jar: module labelled replaced");
        assertEquals(Errno.ENODEV, Rig.errnoOf(() -> read(old)));
        old.close();
        try (OpenFile file = open()) {
            assertEquals("second", read(file));
        }
    }

    @Test
    public void aDeletedFileTakesTheDriverFromUnderAnOpenFileAndLeavesNothing() throws Exception {
        List<String> before = rig.traces();
        drop("first", "labelled.jar");
        awaitNode();
        OpenFile file = open();

        delete("labelled.jar");

        Rig.await("the module to go", () -> rig.kmod.loaded().isEmpty());
        assertEquals(Errno.ENODEV, Rig.errnoOf(() -> read(file)));
        file.close();
        Rig.await("its bundle to go", () -> context.getBundle("module:labelled") == null);
        assertEquals(before, rig.traces());
    }

    @Test
    public void halfAFileIsRefusedAndTheRunningOneStaysUntilTheRestHasCome() throws Exception {
        drop("first", "labelled.jar");
        awaitNode();
        OpenFile file = open();
        byte[] whole = Files.readAllBytes(module("second"));

        Files.write(deploy().resolve("labelled.jar"), Arrays.copyOf(whole, whole.length / 2));

        awaitLine("deploy: labelled.jar: refused: ENOEXEC: not a module: ");
        assertEquals("first", read(file));
        file.close();
        Files.write(deploy().resolve("labelled.jar"), whole);
        Rig.await("the rest", () -> {
            try (OpenFile again = open()) {
                return read(again).equals("second");
            } catch (org.cardcage.kernel.KernelException e) {
                return false; // between the two
            }
        });
    }

    @Test
    public void aBundleThatIsNoModuleIsNotInstalled() throws Exception {
        int bundles = context.getBundles().length;
        Path library = Path.of(System.getProperty("cardcage.bundles"), "org.cardcage.edu.uapi.jar");

        Files.copy(library, deploy().resolve("library.jar"));

        awaitLine("deploy: library.jar: refused: ENOEXEC: not a module: the manifest has 0 ");
        assertEquals(bundles, context.getBundles().length);
    }

    @Test
    public void afterRmmodItStaysOutUntilTheFileChanges() throws Exception {
        drop("first", "labelled.jar");
        awaitNode();
        assertEquals(
                Errno.EEXIST,
                Rig.errnoOf(() -> rig.insmod(module("second").toUri().toString())));

        rig.rmmod("labelled");
        drop("first", "sign.jar");

        awaitLine("deploy: sign.jar: refused: EEXIST: module labelled belongs to labelled.jar in the same folder");
        assertNull(context.getBundle("module:labelled"));
        drop("second", "labelled.jar");
        awaitNode();
    }
}
