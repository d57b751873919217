package org.cardcage.benchmarks;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.cardcage.board.Board;
import org.cardcage.device.DeviceModel;
import org.cardcage.firmware.Firmware;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.Machine;
import org.cardcage.machine.Scheduler;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDriver;
import org.cardcage.pci.internal.PciCore;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.Vfs;

/** A live machine with a kernel, made with {@code new}. */
final class Rig implements AutoCloseable {

    private static final int FIRST_SLOT = 2;

    private final Faults faults = new Faults();
    private final LiveScheduler scheduler = new LiveScheduler("benchmark", faults);
    final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    final PciCore pci = new PciCore(kernel);
    final Vfs vfs = new Vfs(kernel);
    final Board board;
    private final Runnable end;

    /** Makes a machine that is not a board. */
    interface Maker {
        Machine make(Scheduler scheduler) throws IOException;
    }

    /** A board with these cards in slots 2 and up, powered and scanned. */
    Rig(DeviceModel... cards) {
        this(Arrays.asList(cards));
    }

    Rig(List<? extends DeviceModel> cards) {
        board = Board.pc(scheduler);
        for (int card = 0; card < cards.size(); card++) {
            board.plug(slot(card), cards.get(card));
        }
        board.powerOn();
        end = board::close;
        pci.addMachine(board);
        settle();
    }

    private Rig(Maker maker, Runnable end) throws IOException {
        board = null;
        this.end = end;
        pci.addMachine(maker.make(scheduler));
        settle();
    }

    /**
     * Another machine, scanned.
     *
     * @param end how it ends
     */
    static Rig on(Maker maker, Runnable end) throws IOException {
        return new Rig(maker, end);
    }

    /** What a board has done by itself. */
    static void assign(Machine bare) {
        new Firmware(bare, message -> {
                    throw new IllegalStateException(message);
                })
                .run();
    }

    /** Where the card with this number sits. */
    static FunctionAddress slot(int card) {
        return new FunctionAddress(0, 0, FIRST_SLOT + card, 0);
    }

    /** Loads a driver; returns when its probes have ended. */
    PciBus.Registration load(PciDriver driver) {
        PciBus.Registration registration = pci.register(driver, new KernelModule(driver.name()));
        settle();
        return registration;
    }

    void settle() {
        try {
            scheduler.settle(Scheduler.NEVER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the machine settles", e);
        }
    }

    OpenFile open(String path, OpenFlag... flags) {
        return vfs.open(Credentials.ROOT, path, Set.of(flags), 0);
    }

    @Override
    public void close() {
        kernel.close();
        pci.close();
        end.run();
        vfs.close();
        scheduler.close();
        faults.check();
    }
}
