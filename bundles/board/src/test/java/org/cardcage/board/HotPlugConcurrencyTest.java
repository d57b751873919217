package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cardcage.device.Bar;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.FunctionPorts;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.MachineListener;
import org.junit.jupiter.api.Test;

/** Cards come and go on all branches while others are used: who is used notices nothing. */
class HotPlugConcurrencyTest {

    private static final int ROUNDS = 150;
    private static final int MIB = 1 << 20;

    /** Reads as its own number everywhere. */
    private static final class Numbered extends DeviceModel {
        private final FunctionDescription description;
        private final int number;

        Numbered(int number, long size) {
            this.number = number;
            description = FunctionDescription.of(0x1234, 0x5678, 0xff0000)
                    .bars(Bar.memory32(0, size, 4))
                    .build();
        }

        @Override
        public FunctionDescription description() {
            return description;
        }

        @Override
        public void powerOn(FunctionPorts p) {
            // needs none
        }

        @Override
        public long read(int bar, long offset, int size) {
            return number;
        }

        @Override
        public void write(int bar, long offset, int size, long value) {
            // its number never changes
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

    private final CopyOnWriteArrayList<String> reports = new CopyOnWriteArrayList<>();

    @Test
    void whoIsUsedNoticesNothing() throws Exception {
        try (LiveScheduler scheduler = new LiveScheduler("test", (task, fault) -> reports.add(task + ": " + fault))) {
            Board board = Board.builder(scheduler).reporter(reports::add).build();
            for (int i = 0; i < 3; i++) {
                board.plug(String.format("%02x.0", 4 + i), Bridge.rootPort(i));
                board.plug(String.format("%02x.0/00.0", 4 + i), Bridge.pci());
                board.plug(String.format("%02x.0/00.0/1f.0", 4 + i), new Numbered(100 + i, MIB));
            }
            board.powerOn();
            // before anything comes, since what nobody uses may be moved
            List<IoMemory> mapped = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                mapped.add(board.map(base(board, i), MIB));
            }
            ExecutorService threads = Executors.newCachedThreadPool();
            AtomicBoolean over = new AtomicBoolean();
            List<Future<?>> users = new ArrayList<>();
            List<Future<?>> pluggers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int branch = i;
                users.add(threads.submit(() -> use(board, mapped.get(branch), branch, over)));
                pluggers.add(threads.submit(() -> comeAndGo(board, branch)));
            }
            for (Future<?> plugger : pluggers) {
                plugger.get(120, TimeUnit.SECONDS);
            }
            over.set(true);
            for (Future<?> user : users) {
                user.get(60, TimeUnit.SECONDS);
            }
            threads.shutdown();
            board.close();
        }
        // windows that are hemmed in by those in use cannot grow; that is all there is to say
        assertThat(reports.stream().filter(r -> !r.contains("no room"))).isEmpty();
    }

    /** Complains if a function is told to come that is there, or to go that is not. */
    private static final class Roll implements MachineListener {
        private final Set<FunctionAddress> there = ConcurrentHashMap.newKeySet();
        private final CopyOnWriteArrayList<String> faults = new CopyOnWriteArrayList<>();

        @Override
        public void plugged(FunctionAddress function) {
            if (!there.add(function)) {
                faults.add(function + " came twice");
            }
        }

        @Override
        public void gone(FunctionAddress function) {
            if (!there.remove(function)) {
                faults.add(function + " went twice");
            }
        }
    }

    @Test
    void aSlotWhosePowerIsSwitchedWhileCardsComeAndGoEndsWithItsCard() throws Exception {
        FunctionAddress port = FunctionAddress.parse("04.0");
        FunctionAddress slot = FunctionAddress.parse("01:00.0");
        try (LiveScheduler scheduler = new LiveScheduler("test", (task, fault) -> reports.add(task + ": " + fault))) {
            Board board = Board.builder(scheduler).reporter(reports::add).build();
            board.plug("04.0", Bridge.rootPort(1));
            board.powerOn();
            int control = slotControl(board, port);
            Roll roll = new Roll();
            board.addListener(roll);
            ExecutorService threads = Executors.newCachedThreadPool();
            Future<?> power = threads.submit(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    board.writeConfig(port, control, 2, 0x400);
                    board.writeConfig(port, control, 2, 0);
                }
            });
            Future<?> plugger = threads.submit(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    board.plug("04.0/00.0", new Numbered(round, MIB));
                    board.unplug("04.0/00.0");
                }
                board.plug("04.0/00.0", new Numbered(4711, MIB));
            });
            power.get(120, TimeUnit.SECONDS);
            plugger.get(120, TimeUnit.SECONDS);
            threads.shutdown();
            assertThat(scheduler.settle(scheduler.nanoTime() + TimeUnit.SECONDS.toNanos(60)))
                    .isTrue();

            assertThat(roll.faults).isEmpty();
            assertThat(roll.there).containsExactly(slot);
            long base = board.readConfig(slot, 0x10, 4) & 0xffff_fff0L;
            assertThat(board.map(base, MIB).read32(0)).isEqualTo(4711);
            board.close();
        }
    }

    private static int slotControl(Board board, FunctionAddress port) {
        int at = board.readConfig(port, 0x34, 1);
        while (board.readConfig(port, at, 1) != 0x10) {
            at = board.readConfig(port, at + 1, 1);
        }
        return at + 0x18;
    }

    private static void comeAndGo(Board board, int branch) {
        String bus = String.format("%02x.0/00.0/", 4 + branch);
        for (int round = 0; round < ROUNDS; round++) {
            String slot = bus + String.format("%02x.0", round % 8);
            Numbered card = new Numbered(1000 * branch + round, (long) MIB << (round % 4));
            board.plug(slot, card);
            FunctionAddress function = board.address(slot).orElseThrow();
            assertThat(board.readConfig(function, 0, 2)).isEqualTo(0x1234);
            board.unplug(slot);
        }
    }

    private static long base(Board board, int branch) {
        FunctionAddress function =
                board.address(String.format("%02x.0/00.0/1f.0", 4 + branch)).orElseThrow();
        return board.readConfig(function, 0x10, 4) & 0xffff_fff0L;
    }

    private static void use(Board board, IoMemory regs, int branch, AtomicBoolean over) {
        while (!over.get()) {
            assertThat(regs.read32(8)).isEqualTo(100 + branch);
            assertThat(regs.read64(4)).isEqualTo((100L + branch) << 32 | 100 + branch);
            assertThat(base(board, branch)).isEqualTo(regs.address());
        }
        regs.revoke(IllegalStateException::new);
    }
}
