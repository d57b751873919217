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
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
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

/** Files come, change and go in the deploy folder, which FileInstall watches; a driver and its node follow. */
public class DeployIT extends OnBoard {
    private static final String NODE = "/dev/label0";

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
    }

    private static Path deploy() {
        return Path.of(System.getProperty("cardcage.test.deploy"));
    }

    private static Path module(String label) {
        return Path.of(System.getProperty("cardcage.test." + label));
    }

    /** Copies a build of the driver into the folder as cp does: an old file is written over, not deleted first. */
    private static void drop(String label, String name) throws IOException {
        write(name, Files.readAllBytes(module(label)));
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

    /** Deploys a build of the driver; it has its node then. */
    private void load(String label) throws Exception {
        rig.untilLogged("deploy: labelled.jar: module labelled loaded", () -> drop(label, "labelled.jar"));
    }

    @Test
    public void aDroppedDriverIsLoadedAndItsNodeAppears() throws Exception {
        load("first");

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
        load("first");
        OpenFile old = open();
        assertEquals("first", read(old));

        rig.untilLogged("deploy: labelled.jar: module labelled replaced", () -> drop("second", "labelled.jar"));

        assertEquals(Errno.ENODEV, Rig.errnoOf(() -> read(old)));
        old.close();
        try (OpenFile file = open()) {
            assertEquals("second", read(file));
        }
    }

    @Test
    public void aDeletedFileTakesTheDriverFromUnderAnOpenFileAndLeavesNothing() throws Exception {
        List<String> before = rig.traces();
        load("first");
        OpenFile file = open();

        rig.untilLogged("deploy: labelled.jar is gone: module labelled unloaded", () -> delete("labelled.jar"));

        assertEquals(Errno.ENODEV, Rig.errnoOf(() -> read(file)));
        file.close();
        assertEquals(before, rig.traces());
    }

    @Test
    public void halfAFileIsRefusedAndTheRunningOneStaysUntilTheRestHasCome() throws Exception {
        load("first");
        OpenFile file = open();
        byte[] whole = Files.readAllBytes(module("second"));

        rig.untilLogged(
                "deploy: labelled.jar: refused: ENOEXEC: not a module: ",
                () -> Files.write(deploy().resolve("labelled.jar"), Arrays.copyOf(whole, whole.length / 2)));

        assertEquals("first", read(file));
        file.close();
        rig.untilLogged(
                "deploy: labelled.jar: module labelled replaced",
                () -> Files.write(deploy().resolve("labelled.jar"), whole));
        try (OpenFile again = open()) {
            assertEquals("second", read(again));
        }
    }

    @Test
    public void aBundleThatIsNoModuleIsNotInstalled() throws Exception {
        int bundles = context.getBundles().length;
        Path library = Path.of(System.getProperty("cardcage.bundles"), "org.cardcage.edu.uapi.jar");

        rig.untilLogged(
                "deploy: library.jar: refused: ENOEXEC: not a module: the manifest has 0 ",
                () -> Files.copy(library, deploy().resolve("library.jar")));

        assertEquals(bundles, context.getBundles().length);
    }

    @Test
    public void afterRmmodItStaysOutUntilTheFileChanges() throws Exception {
        load("first");
        assertEquals(
                Errno.EEXIST,
                Rig.errnoOf(() -> rig.insmod(module("second").toUri().toString())));

        rig.rmmod("labelled");
        rig.untilLogged(
                "deploy: sign.jar: refused: EEXIST: module labelled belongs to labelled.jar in the same folder",
                () -> drop("first", "sign.jar"));

        assertNull(context.getBundle("module:labelled"));
        load("second");
    }

    private static void write(String name, byte[] content) throws IOException {
        Files.write(deploy().resolve(name), content);
    }

    @Test
    public void whatIsNoModuleIsRefusedWithItsReasonAndTheRunningOneStays() throws Exception {
        load("first");
        OpenFile file = open();
        List<String> before = rig.traces();
        byte[] any = new byte[5000];
        new Random(1).nextBytes(any);

        rig.untilLogged("deploy: any bytes.jar: refused: ENOEXEC: not a module", () -> write("any bytes.jar", any));
        rig.untilLogged("deploy: empty.jar: refused: EINVAL: the file is empty", () -> write("empty.jar", new byte[0]));
        rig.untilLogged("deploy: labelled.jar: refused: ENOEXEC: not a module", () -> write("labelled.jar", any));
        rig.untilLogged("deploy: labelled.jar: refused: EINVAL: ", () -> write("labelled.jar", new byte[0]));

        assertEquals(before, rig.traces());
        assertEquals("first", read(file));
        file.close();
    }

    @Test
    public void aFolderIsNotInstalledAndOneInPlaceOfAFileIsTheEndOfTheFile() throws Exception {
        List<String> before = rig.traces();
        Files.createDirectory(deploy().resolve("folder.jar"));
        load("first");
        rig.untilLogged("deploy: labelled.jar is gone: module labelled unloaded", () -> {
            delete("labelled.jar");
            Files.createDirectory(deploy().resolve("labelled.jar"));
        });
        assertEquals(before, rig.traces());
    }

    @Test
    public void aLinkFollowsTheFileThatIsBuiltElsewhere() throws Exception {
        Path built = deploy().resolveSibling("built");
        Files.copy(module("first"), built, StandardCopyOption.REPLACE_EXISTING);
        rig.untilLogged(
                "deploy: my driver.jar: module labelled loaded",
                () -> Files.createSymbolicLink(deploy().resolve("my driver.jar"), built));
        rig.untilLogged(
                "deploy: my driver.jar: module labelled replaced",
                () -> Files.write(built, Files.readAllBytes(module("second"))));
        try (OpenFile file = open()) {
            assertEquals("second", read(file));
        }
        rig.untilLogged("deploy: my driver.jar is gone: module labelled unloaded", () -> delete("my driver.jar"));
    }

    @Test
    public void ofTwoFilesThatComeTogetherOneIsLoadedAndTheOtherWhenThatGoes() throws Exception {
        rig.untilLogged("deploy: b.jar: refused: EEXIST: module labelled belongs to a.jar", () -> {
            drop("first", "a.jar");
            drop("second", "b.jar");
        });
        rig.untilLogged("deploy: b.jar: module labelled ", () -> delete("a.jar"));
        try (OpenFile file = open()) {
            assertEquals("second", read(file));
        }
        rig.untilLogged("deploy: b.jar is gone: module labelled unloaded", () -> delete("b.jar"));
    }
}
