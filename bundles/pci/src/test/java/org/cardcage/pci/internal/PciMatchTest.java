package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.cardcage.board.Board;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.pci.PciDeviceId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Matching as in Linux's {@code pci_match_one_device}, against a card cafe:0001, subsystem beef:0007, class 028000. */
class PciMatchTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");

    @ParameterizedTest
    @CsvSource(textBlock = """
            # vendor device subvendor subdevice class   mask    matches
            cafe,    0001,  *,        *,        000000, 000000, true
            cafe,    *,     *,        *,        000000, 000000, true
            *,       0001,  *,        *,        000000, 000000, true
            *,       *,     *,        *,        000000, 000000, true
            cafe,    0002,  *,        *,        000000, 000000, false
            caff,    0001,  *,        *,        000000, 000000, false
            cafe,    0001,  beef,     0007,     000000, 000000, true
            cafe,    0001,  beef,     *,        000000, 000000, true
            cafe,    0001,  beef,     0008,     000000, 000000, false
            cafe,    0001,  1af4,     *,        000000, 000000, false
            *,       *,     *,        *,        020000, ff0000, true
            *,       *,     *,        *,        028000, ffff00, true
            *,       *,     *,        *,        020000, ffff00, false
            *,       *,     *,        *,        028001, ffffff, false
            *,       *,     *,        *,        ffffff, 000000, true
            cafe,    0001,  *,        *,        010000, ff0000, false
            """)
    void anEntryMatchesWhereEachPartDoes(
            String vendor,
            String device,
            String subvendor,
            String subdevice,
            String classCode,
            String classMask,
            boolean matches) {
        PciDeviceId id =
                new PciDeviceId(id(vendor), id(device), id(subvendor), id(subdevice), id(classCode), id(classMask), 0);
        // the chipset's functions have other classes and vendors; only the card in the slot is of interest
        assertThat(isProbed(id)).isEqualTo(matches);
    }

    private static int id(String text) {
        return text.equals("*") ? PciDeviceId.ANY : Integer.parseInt(text, 16);
    }

    private static boolean isProbed(PciDeviceId id) {
        SteppedScheduler scheduler = new SteppedScheduler();
        Kernel kernel = new Kernel(new KernelLog(), scheduler);
        Board board = Board.pc(scheduler);
        board.plug(SLOT, TestCard.withMsi());
        board.powerOn();
        PciCore pci = new PciCore(kernel);
        pci.addMachine(board);
        TestPciDriver driver =
                new TestPciDriver((dev, matched) -> assertThat(matched).isEqualTo(id), id);
        pci.register(driver, new KernelModule("testdrv"));
        scheduler.settle(Scheduler.NEVER);
        return driver.calls.contains("probe " + SLOT);
    }
}
