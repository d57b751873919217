package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cardcage.board.Board;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.kobject.AttributeFile;
import org.cardcage.kernel.kobject.KObject;
import org.cardcage.kernel.kobject.KObjectLink;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The files of devices, drivers and the bus. */
class SysfsTest {

    private static final String NAME = "0000:00:04.0";
    private static final String DIRECTORY = "devices/pci0000:00/" + NAME;
    private static final String DRIVER = "bus/pci/drivers/testdrv";

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(), scheduler);
    private final PciCore pci = new PciCore(kernel);
    private final KernelModule module = new KernelModule("testdrv");
    private final CancelToken call = new CancelToken();

    @BeforeEach
    void aCardAndItsDriver() {
        Board board = Board.pc(scheduler);
        board.plug(FunctionAddress.parse("00:04.0"), TestCard.withMsi());
        board.powerOn();
        pci.addMachine(board);
        settle();
    }

    private void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    private void load() {
        pci.register(TestPciDriver.forTestCard((dev, id) -> dev.enable()), module);
        settle();
    }

    private KObject directory(String path) {
        KObject at = kernel.objects().root();
        for (String name : path.split("/")) {
            at = (KObject) at.lookup(name).orElseThrow();
        }
        return at;
    }

    private AttributeFile file(String directory, String name) {
        return (AttributeFile) directory(directory).lookup(name).orElseThrow();
    }

    private String show(String name) {
        return file(DIRECTORY, name).show(call);
    }

    private void store(String directory, String name, String text) {
        file(directory, name).store(text, call);
    }

    private Errno refused(ThrowingCallable code) {
        List<Errno> errno = new ArrayList<>();
        assertThatThrownBy(code).isInstanceOfSatisfying(KernelException.class, e -> errno.add(e.errno()));
        return errno.get(0);
    }

    @Test
    void aDeviceSaysWhatItIs() {
        assertThat(show("vendor")).isEqualTo(String.format("0x%04x\n", TestCard.VENDOR));
        assertThat(show("class")).matches("0x[0-9a-f]{6}\n");
        assertThat(show("modalias"))
                .isEqualTo(pci.devices().get(pci.devices().size() - 1).modalias() + "\n");
        assertThat(show("driver_override")).isEqualTo("(null)\n");
        assertThat(show("dma_mask_bits")).isEqualTo("32\n");
        assertThat(show("power_state")).isEqualTo("D0\n");
        assertThat(show("resource").lines()).hasSize(13);
        assertThat(show("resource")).startsWith("0x00000000fe");
        assertThat(show("uevent")).startsWith("PCI_CLASS=").contains("PCI_SLOT_NAME=" + NAME + "\n");
        load();
        assertThat(show("uevent")).startsWith("DRIVER=testdrv\nPCI_CLASS=");
    }

    @Test
    void theConfigurationSpaceIsReadAndWrittenInPiecesOfAnySize() {
        AttributeFile config = file(DIRECTORY, "config");
        assertThat(config.size()).isEqualTo(256);
        ByteBuffer to = ByteBuffer.allocate(300).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(config.read(to, 0, call)).isEqualTo(256);
        assertThat(to.getShort(0) & 0xffff).isEqualTo(TestCard.VENDOR);
        ByteBuffer three = ByteBuffer.allocate(3);
        assertThat(config.read(three, 1, call)).isEqualTo(3);
        assertThat(three.get(0)).isEqualTo(to.get(1));
        assertThat(three.get(2)).isEqualTo(to.get(3));
        config.write(ByteBuffer.wrap(new byte[] {0x5a}), 0x3c, call);
        assertThat(file(DIRECTORY, "config").read(three.clear().limit(1), 0x3c, call))
                .isEqualTo(1);
        assertThat(three.get(0)).isEqualTo((byte) 0x5a);
    }

    @Test
    void memoryBehindABarIsMappedAndNotRead() {
        AttributeFile bar = file(DIRECTORY, "resource0");
        assertThat(bar.mode()).isEqualTo(0600);
        assertThat(refused(() -> bar.read(ByteBuffer.allocate(4), 0, call))).isEqualTo(Errno.EIO);
        assertThat(bar.map(call).length()).isEqualTo(bar.size());
        assertThat(directory(DIRECTORY).lookup("resource5")).isEmpty();
    }

    @Test
    void aDriverIsBoundAndUnboundByNames() {
        load();
        assertThat(refused(() -> store(DRIVER, "bind", NAME + "\n"))).isEqualTo(Errno.EBUSY);
        store(DRIVER, "unbind", NAME + "\n");
        assertThat(directory(DRIVER).lookup(NAME)).isEmpty();
        assertThat(refused(() -> store(DRIVER, "unbind", NAME + "\n"))).isEqualTo(Errno.ENODEV);
        for (String wrong : List.of("00:04.0\n", "0000:00:1e.7\n", "\n", "foo\n", "0000:00:00.0\n")) {
            assertThat(refused(() -> store(DRIVER, "bind", wrong))).as(wrong).isEqualTo(Errno.ENODEV);
        }
        store(DRIVER, "bind", NAME);
        assertThat(directory(DRIVER).lookup(NAME)).containsInstanceOf(KObjectLink.class);
        store(DRIVER, "unbind", NAME);
        store("bus/pci", "drivers_probe", NAME + "\n");
        store("bus/pci", "drivers_probe", NAME + "\n");
        assertThat(directory(DRIVER).lookup(NAME)).isPresent();
    }

    @Test
    void idsAreAddedAndTakenAwayAsTheirTextSays() {
        load();
        assertThat(refused(() -> store(DRIVER, "new_id", "\n"))).isEqualTo(Errno.EINVAL);
        assertThat(refused(() -> store(DRIVER, "new_id", "zz\n"))).isEqualTo(Errno.EINVAL);
        assertThat(refused(() -> store(DRIVER, "new_id", "1234\n"))).isEqualTo(Errno.EINVAL);
        assertThat(refused(() -> store(DRIVER, "new_id", "1234:beef\n"))).isEqualTo(Errno.EINVAL);
        store(DRIVER, "new_id", "1234 beef\n");
        assertThat(refused(() -> store(DRIVER, "new_id", "1234 beef\n"))).isEqualTo(Errno.EEXIST);
        assertThat(refused(() -> store(DRIVER, "new_id", "1234 bee0 ffffffff ffffffff 0 0 5\n")))
                .isEqualTo(Errno.EINVAL);
        store(DRIVER, "new_id", "1234 bee1 ffffffff ffffffff 0 0 0\n");
        store(DRIVER, "remove_id", "0x1234 beef\n");
        assertThat(refused(() -> store(DRIVER, "remove_id", "1234 beef\n"))).isEqualTo(Errno.ENODEV);
    }

    @Test
    void onlyADeviceWithoutDriverIsEnabledByHand() {
        assertThat(refused(() -> store(DIRECTORY, "enable", "0\n"))).isEqualTo(Errno.EIO);
        store(DIRECTORY, "enable", "1\n");
        assertThat(show("enable")).isEqualTo("1\n");
        store(DIRECTORY, "enable", "0\n");
        assertThat(refused(() -> store(DIRECTORY, "enable", "abc\n"))).isEqualTo(Errno.EINVAL);
        load();
        assertThat(show("enable")).isEqualTo("1\n");
        assertThat(refused(() -> store(DIRECTORY, "enable", "1\n"))).isEqualTo(Errno.EBUSY);
    }

    @Test
    void aDeviceIsRemovedAndFoundAgain() {
        load();
        store(DIRECTORY, "remove", "0\n");
        assertThat(refused(() -> store(DIRECTORY, "remove", "abc\n"))).isEqualTo(Errno.EINVAL);
        KObject before = directory(DIRECTORY);
        store(DIRECTORY, "remove", "1\n");
        assertThat(before.isRemoved()).isTrue();
        assertThat(directory("bus/pci/devices").lookup(NAME)).isEmpty();
        store("bus/pci", "rescan", "1\n");
        assertThat(directory(DIRECTORY).lookup("driver")).isPresent();
    }

    @Test
    void anOverrideIsClearedByAnEmptyLineAndLimited() {
        store(DIRECTORY, "driver_override", "other\n");
        assertThat(show("driver_override")).isEqualTo("other\n");
        store(DIRECTORY, "driver_override", "\n");
        assertThat(show("driver_override")).isEqualTo("(null)\n");
        assertThat(refused(() -> store(DIRECTORY, "driver_override", "x".repeat(4096))))
                .isEqualTo(Errno.EINVAL);
    }
}
