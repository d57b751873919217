package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cardcage.board.Board;
import org.cardcage.board.Bridge;
import org.cardcage.device.Bar;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.FunctionPorts;
import org.cardcage.device.MsiCapability;
import org.cardcage.device.MsixCapability;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.irq.IrqReturn;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.pci.IrqVectors;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDevice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Several message vectors of a card behind a root port, from the card to the handlers. */
class MessageVectorsTest {

    private static final String SLOT = "00:1c.0/00.0";
    private static final int VECTORS = 4;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final List<String> lost = new ArrayList<>();
    private final Board board =
            Board.builder(scheduler).chipset440fx().reporter(lost::add).build();
    private final PciCore pci = new PciCore(kernel);
    private final Bell bell = new Bell();
    private final List<String> rung = new ArrayList<>();
    private IrqVectors vectors;

    /** A card that only signals. */
    private static final class Bell extends DeviceModel {
        private final FunctionDescription description = FunctionDescription.of(
                        TestCard.VENDOR, TestCard.DEVICE, 0x00ff00)
                .bars(Bar.memory32(0, 4096, 4))
                .capabilities(MsiCapability.of(VECTORS), MsixCapability.of(VECTORS, 0))
                .build();
        private FunctionPorts ports;

        @Override
        public FunctionDescription description() {
            return description;
        }

        @Override
        public void powerOn(FunctionPorts given) {
            ports = given;
        }

        @Override
        public long read(int bar, long offset, int size) {
            return 0;
        }

        @Override
        public void write(int bar, long offset, int size, long value) {
            // has no registers
        }

        @Override
        public void reset() {
            // has no state
        }

        @Override
        public void powerOff() {
            // has no state
        }
    }

    private PciBus.Registration start(TestPciDriver.Probe probe) {
        board.plug("00:1c.0", Bridge.rootPort(1));
        board.plug(SLOT, bell);
        board.powerOn();
        pci.addMachine(board);
        settle();
        PciBus.Registration registration = pci.register(TestPciDriver.forTestCard(probe), new KernelModule("bell"));
        settle();
        assertThat(vectors).isNotNull();
        return registration;
    }

    private void allocate(PciDevice dev, VectorKind kind) {
        dev.enable();
        dev.setMaster();
        vectors = dev.allocateVectors(VECTORS, VECTORS, Set.of(kind));
    }

    @ParameterizedTest
    @CsvSource({"MSI, 24", "MSIX, 0"})
    void theNumberOfTheFunctionIsThatOfTheFirstMessageWhileMsiIsOn(VectorKind kind, int number) {
        PciBus.Registration registration = start((dev, id) -> allocate(dev, kind));
        PciDevice dev = pci.devices().stream()
                .filter(d -> d.vendor() == TestCard.VENDOR)
                .findFirst()
                .orElseThrow();

        assertThat(dev.irq()).isEqualTo(number);

        registration.unregister();
        settle();
        assertThat(dev.irq()).as("has no pin").isZero();
    }

    private void request(PciDevice dev, int vector) {
        dev.requestIrq(vectors, vector, () -> ring(vector), "bell-" + vector);
    }

    private IrqReturn ring(int vector) {
        rung.add("vector " + vector);
        return IrqReturn.HANDLED;
    }

    private void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    @ParameterizedTest
    @EnumSource(
            value = VectorKind.class,
            names = {"MSI", "MSIX"})
    void eachVectorHasItsOwnHandlerUntilTheDriverLeaves(VectorKind kind) {
        PciBus.Registration registration = start((dev, id) -> {
            allocate(dev, kind);
            for (int i = 0; i < VECTORS; i++) {
                request(dev, i);
            }
        });

        bell.ports.signal(3);
        bell.ports.signal(1);
        settle();
        assertThat(rung).containsExactly("vector 3", "vector 1");
        assertThat(kernel.interrupts().describe()).contains("bell-0", "bell-1", "bell-2", "bell-3");
        assertThat(lost).isEmpty();

        registration.unregister();
        settle();
        bell.ports.signal(0);
        settle();
        assertThat(rung).hasSize(2);
        assertThat(kernel.interrupts().describe()).doesNotContain("bell");
        assertThat(lost).singleElement().asString().contains("vector 0 lost");
    }

    @ParameterizedTest
    @EnumSource(
            value = VectorKind.class,
            names = {"MSI", "MSIX"})
    void aMessageThatComesDuringProbeIsThereWhenTheHandlerIs(VectorKind kind) {
        start((dev, id) -> {
            allocate(dev, kind);
            bell.ports.signal(2);
            request(dev, 2);
        });

        assertThat(rung).containsExactly("vector 2");
        assertThat(lost).isEmpty();
    }

    private static void assertErrno(Errno errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    @ParameterizedTest
    @EnumSource(
            value = VectorKind.class,
            names = {"MSI", "MSIX"})
    void vectorsAreGivenBackOnceTheirHandlersAreAndOthersCanBeHad(VectorKind kind) {
        PciBus.Registration registration = start((dev, id) -> {
            dev.freeVectors();
            allocate(dev, kind);
            request(dev, 1);
            assertErrno(Errno.EINVAL, () -> allocate(dev, kind));
            assertErrno(Errno.EBUSY, dev::freeVectors);
            IrqVectors former = vectors;
            dev.freeIrq(vectors, 1);
            dev.freeIrq(vectors, 1);
            dev.freeVectors();
            dev.freeVectors();
            assertErrno(Errno.EINVAL, () -> dev.requestIrq(former, 0, () -> IrqReturn.NONE, "late"));
            assertErrno(Errno.EINVAL, () -> dev.disableIrq(former, 0));
            assertThat(dev.resources().held()).isEmpty();
            assertThat(kernel.interrupts().describe()).doesNotContain("bell");
            allocate(dev, kind == VectorKind.MSI ? VectorKind.MSIX : VectorKind.MSI);
            request(dev, 2);
        });
        bell.ports.signal(2);
        settle();
        assertThat(rung).containsExactly("vector 2");
        assertThat(registration.unregister()).isTrue();
        assertThat(kernel.interrupts().describe()).doesNotContain("bell");
    }

    @ParameterizedTest
    @EnumSource(
            value = VectorKind.class,
            names = {"MSI", "MSIX"})
    void aDisabledVectorKeepsOneMessageForLater(VectorKind kind) {
        PciDevice[] card = new PciDevice[1];
        start((dev, id) -> {
            card[0] = dev;
            allocate(dev, kind);
            request(dev, 0);
            request(dev, 1);
            assertErrno(Errno.EINVAL, () -> dev.enableIrq(vectors, 2));
        });
        card[0].disableIrq(vectors, 0);
        card[0].disableIrq(vectors, 0);
        bell.ports.signal(0);
        bell.ports.signal(0);
        bell.ports.signal(1);
        settle();
        card[0].enableIrq(vectors, 0);
        settle();
        assertThat(rung).containsExactly("vector 1");
        card[0].enableIrq(vectors, 0);
        settle();
        assertThat(rung).containsExactly("vector 1", "vector 0");
        card[0].enableIrq(vectors, 0);
        assertThat(kernel.log().records())
                .extracting(LogRecord::text)
                .anyMatch(line -> line.contains("Unbalanced enable for IRQ"));
        bell.ports.signal(0);
        settle();
        assertThat(rung).hasSize(3);
    }
}
