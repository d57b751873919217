package org.cardcage.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kmod.LoadedModule;
import org.cardcage.pci.PciDevice;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.junit.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;

/** The EDU driver comes and goes as a module while cards come and go in the slots of the board. */
public class ProbeAndRemoveIT extends OnBoard {
    private static final String OTHER_SLOT = "0000:00:05.0";

    @Configuration
    public Option[] configuration() throws Exception {
        return new Option[] {
            CardcageSystem.system(),
            CoreOptions.systemProperty("cardcage.test.module").value(CardcageSystem.jar("org.cardcage.edu.driver")),
            CoreOptions.frameworkProperty("cardcage.modules").value(modules().toString()),
            CoreOptions.frameworkProperty("cardcage.state")
                    .value(modules().resolveSibling("state").toString())
        };
    }

    /** A folder on the host with the driver in it. */
    private static Path modules() throws Exception {
        Path driver = Path.of(URI.create(CardcageSystem.jar("org.cardcage.edu.driver")));
        Path folder = driver.resolveSibling("modules");
        Files.createDirectories(folder);
        Files.copy(driver, folder.resolve("edu.jar"), StandardCopyOption.REPLACE_EXISTING);
        return folder;
    }

    private void insmod(String... parameters) {
        rig.insmod(System.getProperty("cardcage.test.module"), parameters);
    }

    private OpenFile open() {
        return rig.files.open(Credentials.ROOT, "/dev/edu0", Set.of(OpenFlag.READ), 0);
    }

    @Test
    public void insmodProbesTheCardThatIsThere() throws Exception {
        rig.card(SLOT);
        PciDevice card = rig.device(SLOT);
        assertEquals("", Rig.driver(card));

        insmod();

        assertEquals("edu", Rig.driver(card));
        assertTrue(rig.exists("/dev/edu0"));
        assertTrue(rig.logHas("edu: loaded (edu)"));
    }

    @Test
    public void aCardThatComesAfterTheDriverIsProbedToo() throws Exception {
        insmod();
        assertFalse(rig.exists("/dev/edu0"));

        rig.card(SLOT);

        PciDevice card = rig.device(SLOT);
        Rig.await("the driver", () -> Rig.driver(card).equals("edu"));
        Rig.await("the node", () -> rig.exists("/dev/edu0"));
    }

    @Test
    public void rmmodRemovesTheDriverAndLeavesNothing() throws Exception {
        rig.card(SLOT);
        PciDevice card = rig.device(SLOT);
        List<String> before = rig.traces();
        insmod();

        rig.rmmod("edu");

        assertEquals("", Rig.driver(card));
        assertFalse(rig.exists("/dev/edu0"));
        assertTrue(rig.logHas("edu: unloaded"));
        assertEquals(before, rig.traces());
        insmod();
        assertEquals("edu", Rig.driver(card));
    }

    @Test
    public void devicesOutsideTheIdTableStayUnbound() throws Exception {
        rig.card(SLOT);
        PciDevice card = rig.device(SLOT);

        insmod();

        List<PciDevice> others =
                rig.bus.devices().stream().filter(device -> device != card).toList();
        assertFalse("the chipset is there", others.isEmpty());
        for (PciDevice other : others) {
            assertEquals(other.name(), "", Rig.driver(other));
        }
    }

    @Test
    public void aPulledCardIsRemovedFromItsDriver() throws Exception {
        org.osgi.service.cm.Configuration inSlot = rig.card(SLOT);
        PciDevice card = rig.device(SLOT);
        insmod();

        rig.pull(inSlot);

        Rig.await("the card to go", () -> rig.bus.devices().stream().noneMatch(device -> device == card));
        Rig.await("the node to go", () -> !rig.exists("/dev/edu0"));
        Rig.await("the driver to leave", () -> Rig.driver(card).isEmpty());
        assertEquals(1, rig.kmod.loaded().size());
    }

    @Test
    public void twoCardsHaveTwoNodesAndGoOneByOne() throws Exception {
        org.osgi.service.cm.Configuration first = rig.card(SLOT);
        rig.card(OTHER_SLOT);
        PciDevice kept = rig.device(OTHER_SLOT);
        rig.device(SLOT);

        insmod();

        assertTrue(rig.exists("/dev/edu0") && rig.exists("/dev/edu1"));
        rig.pull(first);
        Rig.await("one node to go", () -> rig.exists("/dev/edu0") != rig.exists("/dev/edu1"));
        assertEquals("edu", Rig.driver(kept));
        rig.rmmod("edu");
        assertFalse(rig.exists("/dev/edu0") || rig.exists("/dev/edu1"));
    }

    @Test
    public void aModuleWithAnOpenFileIsInUse() throws Exception {
        rig.card(SLOT);
        rig.device(SLOT);
        insmod();
        try (OpenFile file = open()) {
            assertEquals(1, rig.kmod.loaded().get(0).users());

            assertEquals(Errno.EAGAIN, Rig.errnoOf(() -> rig.rmmod("edu")));

            assertTrue(file.read(ByteBuffer.allocate(100)) > 0);
        }
        rig.rmmod("edu");
        assertEquals(List.of(), rig.kmod.loaded());
    }

    @Test
    public void forceCannotBeRefusedAndOpenFilesSayNoSuchDevice() throws Exception {
        rig.card(SLOT);
        rig.device(SLOT);
        insmod();
        try (OpenFile file = open()) {
            rig.kmod.rmmod(Credentials.ROOT, "edu", true);

            assertEquals(Errno.ENODEV, Rig.errnoOf(() -> file.read(ByteBuffer.allocate(100))));
        }
        assertEquals(List.of(), rig.kmod.loaded());
    }

    @Test
    public void modprobeFindsTheDriverByTheModaliasOfACard() throws Exception {
        rig.card(SLOT);
        PciDevice card = rig.device(SLOT);
        assertEquals(Set.of("edu"), rig.kmod.modulesFor(card.modalias()));

        List<String> loaded =
                rig.kmod.modprobe(Credentials.ROOT, card.modalias(), List.of("label=found"), new CancelToken());

        assertEquals(List.of("/lib/modules/" + rig.kmod.release() + "/edu.jar"), loaded);
        assertEquals("edu", Rig.driver(card));
        assertTrue(rig.logHas("edu: loaded (found)"));
    }

    @Test
    public void aDriverBundleThatIsJustStartedIsAModule() throws Exception {
        rig.card(SLOT);
        PciDevice card = rig.device(SLOT);
        Bundle bundle = context.installBundle(System.getProperty("cardcage.test.module"));
        bundle.start();
        Rig.await("the driver", () -> Rig.driver(card).equals("edu"));
        assertEquals(
                List.of("edu"),
                rig.kmod.loaded().stream().map(LoadedModule::name).toList());

        bundle.stop();

        assertEquals("", Rig.driver(card));
        assertEquals(List.of(), rig.kmod.loaded());
        bundle.uninstall();
    }
}
