package org.cardcage.board.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.board.AccessSplitting;
import org.cardcage.board.BusPolicy;
import org.cardcage.board.SlotPath;
import org.cardcage.board.TestCard;
import org.cardcage.board.internal.Chipset.RootBus;
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
}
