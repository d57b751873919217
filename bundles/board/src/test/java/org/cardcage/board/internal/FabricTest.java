package org.cardcage.board.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.board.AccessSplitting;
import org.cardcage.board.Bridge;
import org.cardcage.board.BusPolicy;
import org.cardcage.board.SlotPath;
import org.cardcage.board.TestCard;
import org.cardcage.board.internal.Chipset.RootBus;
import org.cardcage.device.Bar;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.MsixCapability;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.MachineDescription;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;

class FabricTest {

    private final List<String> reports = new ArrayList<>();
    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Ram ram = new Ram(1 << 20);
    private final InterruptController interrupts = new InterruptController(1, reports::add);
    private final MachineDescription description =
            Chipset.describe("pc", ram, 1, false, List.of(new RootBus(0, 0, 255, List.of(), List.of())));
    private final Fabric fabric =
            new Fabric(ram, interrupts, description.hostBridges(), BusPolicy.PCI, AccessSplitting.ALIGNED);

    @Test
    void aCardThatIsPulledWhileItInterruptsIsNotBlamedForWhatSoftwareHasNotEnabled() {
        TestCard card = TestCard.plain();
        Function function = new Function(fabric.rootBus(0, 0), SlotPath.parse("04.0"), card.description(), card);
        FunctionPort port = new FunctionPort(fabric, function, scheduler, reports::add, new Events(scheduler, "pc"));
        fabric.attach(function);

        fabric.detach(function);
        port.signal(0); // its plug is pulled a moment later

        assertThat(reports).isEmpty();
    }

    @Test
    void aFunctionForWhichTheMachineHasNoVectorsLeftIsNotInUse() {
        Bridge card = Bridge.of(FunctionDescription.of(0x1234, 0x5678, 0x00ff00)
                .bars(Bar.memory32(0, 4096, 4))
                .capabilities(MsixCapability.of(4, 0))
                .build());
        Function function = new Function(fabric.rootBus(0, 0), SlotPath.parse("04.0"), card.description(), card);
        fabric.attach(function);
        FunctionAddress address = function.address();
        fabric.writeConfig(address, 0x10, 4, 0xfea0_0000);
        fabric.writeConfig(address, 0x04, 2, 2);
        int last = -1;
        for (int vector = interrupts.takeVectors(1); vector >= 0; vector = interrupts.takeVectors(1)) {
            last = vector;
        }
        interrupts.returnVectors(last, 1);

        assertThatThrownBy(() -> MsixVectors.open(fabric, interrupts, address, 2, 4))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("1 free vectors, 2 are wanted");

        assertThat(fabric.isUsed(address)).isFalse();
        assertThat(interrupts.takeVectors(1)).isEqualTo(last);
    }
}
