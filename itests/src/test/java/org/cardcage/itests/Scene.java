package org.cardcage.itests;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import org.cardcage.pci.PciDevice;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;

/** A card, a module and what they are just doing. */
final class Scene implements AutoCloseable {
    static final String SLOT = "0000:00:04.0";
    static final int SLEEP = 0x7301;
    static final int HANG = 0x7302;
    static final int RAISE = 0x7303;
    static final int START_DMA = 0x7304;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final long FOR_EVER_MILLIS = 3_600_000;

    final RemovalState state;
    /** Whether the module comes out of the deploy folder. */
    final boolean deployed;

    final Stage stage = new Stage();
    Configuration card;
    PciDevice device;
    OpenFile file;
    Caller caller;
    private String node = "/dev/none";
    private final Rig rig;
    private final BundleContext context;
    private final ServiceRegistration<?> stageService;

    /** One whose module is loaded by insmod. */
    Scene(Rig rig, BundleContext context, RemovalState state) {
        this(rig, context, state, false);
    }

    /** @param deployed whether the module comes out of the deploy folder */
    @SuppressWarnings("rawtypes")
    Scene(Rig rig, BundleContext context, RemovalState state, boolean deployed) {
        this.deployed = deployed;
        this.rig = rig;
        this.context = context;
        this.state = state;
        stageService = context.registerService(
                java.util.function.Function.class, stage, new Hashtable<>(Map.of("test", "stage")));
    }

    /** Brings it about; at the return it is so. */
    void reach() throws Exception {
        if (state.isInProbe()) {
            insmod();
            plug();
            stage.await("probe");
            return;
        }
        plug();
        insmod();
        node = "/dev/" + device.nodes().get(0).name();
        file = rig.files.open(Credentials.ROOT, node, Set.of(OpenFlag.READ, OpenFlag.WRITE), 0);
        switch (state) {
            case READER_ASLEEP -> {
                caller = new Caller("reader", () -> file.read(ByteBuffer.allocate(100)));
                Rig.await("the reader to sleep", () -> caller.sleepsIn("EduCard"));
            }
            case INSIDE_IOCTL -> {
                caller = new Caller("sleeper", () -> ioctl(SLEEP));
                stage.await("ioctl");
            }
            case INTERRUPT_PENDING -> {
                ioctl(RAISE);
                stage.await("irq");
                ioctl(RAISE);
            }
            case DMA_RUNNING -> require("the transfer runs", ioctl(START_DMA) == 1);
            case HUNG_IN_IOCTL -> {
                caller = new Caller("hung", () -> ioctl(HANG));
                stage.await("hung");
            }
            default -> require("one user", rig.kmod.loaded().get(0).users() == 1);
        }
    }

    /** In this class nothing of JUnit is used, since it also runs where that is not there. */
    private static void require(String what, boolean holds) {
        if (!holds) {
            throw new AssertionError("not so: " + what);
        }
    }

    private void insmod() throws IOException {
        if (deployed) {
            deploy();
        } else {
            rig.insmod(System.getProperty("cardcage.test." + state.module), state.parameters.toArray(String[]::new));
        }
    }

    private void deploy() throws IOException {
        long before = rig.lastLine();
        Files.copy(Path.of(System.getProperty("cardcage.test.preset." + state)), deployedFile());
        Rig.await(
                "the module to be deployed",
                () -> rig.lineAfter(before, "deploy: " + deployedFile().getFileName() + ": module")
                        .isPresent());
    }

    /** The file in the deploy folder. */
    Path deployedFile() {
        return Path.of(System.getProperty("cardcage.test.deploy"), state + ".jar");
    }

    void plug() throws IOException {
        card = rig.card(SLOT, Map.of("dma_delay", FOR_EVER_MILLIS));
        device = rig.device(SLOT);
    }

    int ioctl(int command) {
        return file.ioctl(command, NOTHING, NOTHING);
    }

    /** The node of the card, as soon as it has one; other cards may have the same driver. */
    String node() {
        return node;
    }

    Bundle bundle() {
        return context.getBundle("module:" + state.module);
    }

    /** Who waits in the driver goes on. */
    void letGo() {
        stage.letGo(state.place());
    }

    @Override
    public void close() {
        letGo();
        stage.letGo("irq");
        stage.letGo("leak");
        if (file != null) {
            file.close();
        }
        stageService.unregister();
    }
}
