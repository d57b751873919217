package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cardcage.board.Board;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.dma.DmaBuffer;
import org.cardcage.kernel.irq.IrqReturn;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.pci.IrqVectors;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciResource;
import org.junit.jupiter.api.Test;

class PciCoreTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final Board board = Board.pc(scheduler);
    private final PciCore pci = new PciCore(kernel);
    private final KernelModule module = new KernelModule("testdrv");

    private PciDevice start(TestCard card) {
        board.plug(SLOT, card);
        return start();
    }

    private PciDevice start() {
        board.powerOn();
        pci.addMachine(board);
        settle();
        return pci.device(SLOT).orElse(null);
    }

    private void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    private PciBus.Registration bind(TestPciDriver driver) {
        PciBus.Registration registration = pci.register(driver, module);
        settle();
        return registration;
    }

    private List<String> log() {
        return kernel.log().records().stream().map(LogRecord::text).toList();
    }

    @Test
    void findsTheFunctionsByConfigurationCycles() {
        PciDevice dev = start(TestCard.withMsi());
        assertThat(pci.devices())
                .extracting(PciDevice::name)
                .containsExactly("0000:00:00.0", "0000:00:01.0", "0000:00:04.0");
        assertThat(dev.vendor()).isEqualTo(0xcafe);
        assertThat(dev.device()).isEqualTo(1);
        assertThat(dev.revision()).isEqualTo(3);
        assertThat(dev.classCode()).isEqualTo(0x028000);
        assertThat(dev.subsystemVendor()).isEqualTo(0xbeef);
        assertThat(dev.subsystemDevice()).isEqualTo(7);
        assertThat(dev.findCapability(5)).hasValue(0x50);
        assertThat(dev.findCapability(0x11)).isEmpty();
        assertThat(dev.modalias()).isEqualTo("pci:v0000CAFEd00000001sv0000BEEFsd00000007bc02sc80i00");
    }

    @Test
    void sizesTheBarsAndLeavesThemAsTheyWere() {
        PciDevice dev = start(TestCard.withMsi());
        assertThat(dev.bars()).extracting(PciResource::bar).containsExactly(0, 2);
        PciResource memory = dev.bars().get(0);
        PciResource ports = dev.bars().get(1);
        assertThat(memory.length()).isEqualTo(0x1000);
        assertThat(memory.start() & 0xfff).isZero();
        assertThat(memory.isAssigned()).isTrue();
        assertThat(ports.io()).isTrue();
        assertThat(ports.length()).isEqualTo(0x20);
        assertThat(dev.readConfig(0x10, 4)).isEqualTo((int) memory.start());
    }

    @Test
    void aDriverReadsAndWritesRegistersAndPorts() {
        start(TestCard.withMsi());
        long[] seen = new long[2];
        bind(TestPciDriver.forTestCard((dev, id) -> {
            dev.enable();
            IoMemory registers = dev.iomap(0, "test");
            IoMemory ports = dev.iomap(2, "test");
            registers.write32(0, 0x1234);
            seen[0] = registers.read32(0x10);
            ports.write16(4, 0xabcd);
            seen[1] = ports.read16(4);
        }));
        assertThat(seen).containsExactly(0x1234, 0xabcd);
    }

    @Test
    void aRegionThatIsTakenIsBusyAndNamesTheOwner() {
        PciDevice dev = start(TestCard.withMsi());
        bind(TestPciDriver.forTestCard((d, id) -> {
            d.iomap(0, "first");
            d.iomap(0, "second");
        }));
        assertThat(dev.driver()).isEmpty();
        assertThat(dev.lastProbe().reason()).startsWith("EBUSY").endsWith("belongs to first");
        assertThat(dev.resources().held()).isEmpty();
    }

    @Test
    void messagesAreTakenWhereThereAreAnyAndTheLineWhereNot() {
        start(TestCard.withMsi());
        VectorKind[] kind = new VectorKind[1];
        TestPciDriver driver = TestPciDriver.forTestCard((d, id) ->
                kind[0] = d.allocateVectors(1, 1, PciDevice.MSI_OR_INTX).kind());
        bind(driver).unregister();
        assertThat(kind[0]).isEqualTo(VectorKind.MSI);
        board.unplug(SLOT);
        board.plug(SLOT, TestCard.withLineOnly());
        settle();
        bind(driver);
        assertThat(kind[0]).isEqualTo(VectorKind.INTX);
    }

    @Test
    void messagesOnlyFromACardWithoutThemIsEnospc() {
        PciDevice dev = start(TestCard.withLineOnly());
        bind(TestPciDriver.forTestCard((d, id) -> d.allocateVectors(1, 1, PciDevice.MSI)));
        assertThat(dev.lastProbe().reason()).startsWith("ENOSPC");
    }

    private void interruptReachesTheHandler(TestCard card) {
        start(card);
        int[] calls = {0};
        IoMemory[] registers = new IoMemory[1];
        bind(TestPciDriver.forTestCard((d, id) -> {
            d.enable();
            d.setMaster();
            registers[0] = d.iomap(0, "test");
            IrqVectors vectors = d.allocateVectors(1, 1, PciDevice.MSI_OR_INTX);
            d.requestIrq(
                    vectors,
                    () -> {
                        calls[0]++;
                        registers[0].write32(0, 0);
                        return IrqReturn.HANDLED;
                    },
                    "testdrv");
        }));
        registers[0].write32(0, 0xff);
        assertThat(calls[0]).isZero();
        settle();
        assertThat(calls[0]).isEqualTo(1);
    }

    @Test
    void aMessageReachesTheHandler() {
        interruptReachesTheHandler(TestCard.withMsi());
        assertThat(kernel.proc().read("interrupts").orElseThrow())
                .contains(" 24:          1   PCI-MSI 65536-edge      testdrv");
    }

    @Test
    void aLineReachesTheHandler() {
        interruptReachesTheHandler(TestCard.withLineOnly());
        assertThat(kernel.proc().read("interrupts").orElseThrow())
                .contains(" 11:          1   IO-APIC  11-fasteoi   testdrv");
    }

    @Test
    void afterRemovalTheMappingIsRevokedAndTheHardwareSilent() {
        PciDevice dev = start(TestCard.withMsi());
        IoMemory[] registers = new IoMemory[1];
        TestPciDriver driver = TestPciDriver.forTestCard((d, id) -> {
            d.enable();
            d.setMaster();
            registers[0] = d.iomap(0, "test");
            d.allocateVectors(1, 1, PciDevice.MSI_OR_INTX);
        });
        driver.onRemove = d -> {
            registers[0].write32(0, 5);
            assertThat(registers[0].read32(0)).isEqualTo(5);
        };
        assertThat(bind(driver).unregister()).isTrue();
        assertThat(driver.calls).containsExactly("probe 0000:00:04.0", "remove 0000:00:04.0");
        assertThat(module.isTainted()).isFalse();
        assertThatThrownBy(() -> registers[0].read32(0)).hasMessageStartingWith("ENODEV");
        assertThat(dev.readConfig(0x04, 2) & 0x4).as("bus master").isZero();
        assertThat(dev.readConfig(0x52, 2) & 1).as("MSI enable").isZero();
        assertThat(dev.readConfig(0x04, 2) & 0x400).as("INTx disable").isNotZero();
        assertThat(dev.resources().held()).isEmpty();
    }

    @Test
    void aDmaBufferThatTheDriverForgotIsFreedAndNamed() {
        start(TestCard.withMsi());
        DmaBuffer[] buffer = new DmaBuffer[1];
        bind(TestPciDriver.forTestCard((d, id) -> {
                    d.dma().setMask(28);
                    buffer[0] = d.dma().allocate(100);
                    buffer[0].put32(96, 0x01020304);
                    assertThat(buffer[0].get8(96)).isEqualTo((byte) 4);
                    assertThat(buffer[0].deviceAddress() >>> 28).isZero();
                }))
                .unregister();
        assertThat(module.isTainted()).as("the probe went through").isFalse();
        assertThat(log()).anyMatch(line -> line.contains("did not release: DMA buffer of 100 bytes"));
        assertThatThrownBy(() -> buffer[0].get8(0)).hasMessageStartingWith("ENODEV");
    }

    @Test
    void aPulledCardReadsAllOnesInRemoveAndIsGoneAfterwards() {
        start(TestCard.withMsi());
        IoMemory[] registers = new IoMemory[1];
        int[] seen = new int[1];
        TestPciDriver driver = TestPciDriver.forTestCard((d, id) -> {
            d.enable();
            registers[0] = d.iomap(0, "test");
        });
        driver.onRemove = d -> seen[0] = registers[0].read32(0);
        bind(driver);
        board.unplug(SLOT);
        settle();
        assertThat(driver.calls).endsWith("remove 0000:00:04.0");
        assertThat(seen[0]).isEqualTo(-1);
        assertThat(pci.device(SLOT)).isEmpty();
        assertThatThrownBy(() -> registers[0].read32(0)).hasMessageStartingWith("ENODEV");
    }

    @Test
    void aCardPluggedLaterIsFoundAndProbed() {
        start();
        TestPciDriver driver = TestPciDriver.forTestCard((d, id) -> d.enable());
        bind(driver);
        board.plug(SLOT, TestCard.withMsi());
        settle();
        assertThat(driver.calls).containsExactly("probe 0000:00:04.0");
        board.unplug(SLOT);
        board.plug(SLOT, TestCard.withMsi());
        settle();
        assertThat(driver.calls).containsExactly("probe 0000:00:04.0", "remove 0000:00:04.0", "probe 0000:00:04.0");
    }

    @Test
    void aCardPluggedIntoASlotThatIsBeingLeftWaitsUntilTheDriverHasGone() {
        start(TestCard.withMsi());
        IoMemory[] registers = new IoMemory[1];
        TestPciDriver driver = TestPciDriver.forTestCard((d, id) -> {
            d.enable();
            d.setMaster();
            d.allocateVectors(1, 1, PciDevice.MSI);
            registers[0] = d.iomap(0, "test");
        });
        driver.onRemove = d -> {
            board.plug(SLOT, TestCard.withMsi());
            registers[0].write32(0, 0x5747);
            assertThat(registers[0].read32(0)).as("the pulled card").isEqualTo(-1);
            scheduler.park("a slow remove", scheduler.nanoTime() + 1_000_000);
            scheduler.park("a slow remove", scheduler.nanoTime() + 1_000_000);
            driver.calls.add("removed");
            driver.onRemove = again -> {};
        };
        bind(driver);
        board.unplug(SLOT);
        settle();
        assertThat(driver.calls)
                .containsExactly("probe 0000:00:04.0", "remove 0000:00:04.0", "removed", "probe 0000:00:04.0");
        PciDevice fresh = pci.device(SLOT).orElseThrow();
        assertThat(fresh.driver()).isPresent();
        assertThat(fresh.readConfig(0x04, 2) & 0x4).as("bus master").isNotZero();
        assertThat(fresh.readConfig(0x52, 2) & 1).as("MSI enable").isEqualTo(1);
        assertThat(registers[0].read32(0)).as("the new card's register").isZero();
        assertThat(module.isTainted()).isFalse();
    }

    @Test
    void aSecondMachineWithTheSamePlacesIsLeftOutAndCannotTakeDevicesAway() {
        PciDevice dev = start(TestCard.withMsi());
        Board second = Board.pc(scheduler);
        second.plug(SLOT, TestCard.withMsi());
        second.powerOn();
        pci.addMachine(second);
        settle();
        assertThat(log()).contains("pci: 0000:00:04.0 is on two machines; the second one is left out");
        second.unplug(SLOT);
        settle();
        pci.removeMachine(second);
        settle();
        assertThat(pci.device(SLOT)).containsSame(dev);
    }

    @Test
    void aMachineThatLeavesTakesItsDevicesAlong() {
        start(TestCard.withMsi());
        TestPciDriver driver = TestPciDriver.forTestCard((d, id) -> {});
        bind(driver);
        pci.removeMachine(board);
        settle();
        assertThat(pci.devices()).isEmpty();
        assertThat(driver.calls).endsWith("remove 0000:00:04.0");
    }

    @Test
    void theEntryThatMatchedIsHandedToProbe() {
        start(TestCard.withMsi());
        PciDeviceId[] matched = new PciDeviceId[1];
        PciDeviceId wrong = PciDeviceId.of(TestCard.VENDOR, 0x9999);
        PciDeviceId right = new PciDeviceId(
                PciDeviceId.ANY, PciDeviceId.ANY, PciDeviceId.ANY, PciDeviceId.ANY, 0x020000, 0xff0000, 42);
        bind(new TestPciDriver((d, id) -> matched[0] = id, wrong, right));
        assertThat(matched[0].driverData()).isEqualTo(42);
    }

    @Test
    void aDeviceThatNoTableHasStaysUnbound() {
        PciDevice dev = start(TestCard.withMsi());
        TestPciDriver driver = new TestPciDriver((d, id) -> {}, PciDeviceId.of(0x8086, 0x9999));
        bind(driver);
        assertThat(driver.calls).isEmpty();
        assertThat(dev.driver()).isEmpty();
    }
}
