package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import org.cardcage.device.Bar;
import org.cardcage.device.DeviceModel;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;

/** That the work for a function does not grow with the number of functions. */
class ManyFunctionsTest {

    private static final int PER_BUS = 256;
    private static final int BRIDGES = 40;

    private final List<String> reports = new ArrayList<>();

    private Board board(int functions) {
        Board board = Board.builder(new SteppedScheduler())
                .ram(16L << 20)
                .reporter(reports::add)
                .build();
        for (int done = 0; done < functions; done += 8) {
            int bus = done / PER_BUS;
            String bridge = String.format("%02x.%x", bus / 8, bus % 8);
            if (done % PER_BUS == 0) {
                board.plug(bridge, Bridge.pci());
            }
            DeviceModel[] card = new DeviceModel[Math.min(8, functions - done)];
            for (int i = 0; i < card.length; i++) {
                card[i] = TestCard.with(Bar.memory32(0, 0x1000, 4));
            }
            board.plug(String.format("%s/%02x.0", bridge, done % PER_BUS / 8), card);
        }
        return board;
    }

    private long powerOn(int functions) {
        Board board = board(functions);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        board.powerOn();
        return threads.getCurrentThreadCpuTime() - before;
    }

    @Test
    void tenThousandFunctionsAllGetAnAddressOfTheirOwn() {
        Board board = board(BRIDGES * PER_BUS);
        board.powerOn();

        assertThat(reports).isEmpty();
        List<Long> bases = new ArrayList<>();
        for (int bus = 1; bus <= BRIDGES; bus++) {
            for (int place = 0; place < PER_BUS; place++) {
                FunctionAddress function = new FunctionAddress(0, bus, place / 8, place % 8);
                bases.add(board.readConfig(function, 0x10, 4) & 0xffff_fff0L);
            }
        }
        assertThat(bases).doesNotContain(0L).doesNotHaveDuplicates();
        List<IoMemory> mapped =
                bases.stream().map(base -> board.map(base, 0x1000)).toList();
        assertThat(mapped).allMatch(regs -> regs.read32(8) == 0);
    }

    @Test
    void theTimeForAFunctionDoesNotGrowWithTheirNumber() {
        // a factor of 10, where quadratic work would have one of 100; the time of the thread, since others may be busy
        double bestRatio = Double.MAX_VALUE;
        for (int attempt = 0; attempt < 6 && bestRatio > 30; attempt++) {
            long small = powerOn(1_000);
            long large = powerOn(10_000);
            bestRatio = Math.min(bestRatio, (double) large / small);
        }
        assertThat(bestRatio).isLessThan(30);
    }
}
