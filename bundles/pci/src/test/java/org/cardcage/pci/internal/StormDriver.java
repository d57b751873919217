package org.cardcage.pci.internal;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.DeviceTimer;
import org.cardcage.kernel.device.NodeOperations;
import org.cardcage.kernel.irq.IrqReturn;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.IoMemory;
import org.cardcage.pci.IrqVectors;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;
import org.cardcage.pci.PciErrorHandlers;

/** Takes all that there is to take, refuses now and then, and answers at random in a recovery. */
final class StormDriver implements PciDriver, PciErrorHandlers {

    private static final List<Errno> REFUSALS = List.of(Errno.ENODEV, Errno.ENOMEM, Errno.EPROBE_DEFER);

    final KernelModule module;
    private final String name;
    private final Random random;
    private final List<IoMemory> registers = new CopyOnWriteArrayList<>();
    private volatile boolean moody = true;

    StormDriver(String name, long seed) {
        this.name = name;
        this.module = new KernelModule(name);
        this.random = new Random(seed);
    }

    /** From now on it takes what it is offered. */
    void calm() {
        moody = false;
    }

    private int random(int bound) {
        return random.nextInt(bound);
    }

    /** Has some card interrupt. */
    void ring() {
        List<IoMemory> all = List.copyOf(registers);
        if (!all.isEmpty()) {
            all.get(random(all.size())).write32(0, 0xff);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<PciDeviceId> idTable() {
        return List.of(PciDeviceId.of(TestCard.VENDOR, TestCard.DEVICE));
    }

    @Override
    public void probe(PciDevice dev, PciDeviceId id) {
        dev.enable();
        dev.setMaster();
        IoMemory mine = dev.iomap(0, name);
        dev.requestRegion(1, name);
        dev.dma().allocate(4096);
        IrqVectors vectors = dev.allocateVectors(1, 4, PciDevice.MSIX);
        dev.requestIrq(vectors, () -> IrqReturn.HANDLED, name);
        if (moody && random(6) == 0) {
            throw new KernelException(REFUSALS.get(random(REFUSALS.size())));
        }
        dev.disableIrq(vectors, 0);
        dev.enableIrq(vectors, 0);
        DeviceTimer timer = dev.createTimer("tick", () -> dev.readConfig(0, 4));
        timer.start(1_000_000);
        dev.createCharDevice(name + "%d", new NodeOperations() {});
        dev.setDrvdata(mine);
        registers.add(mine);
    }

    @Override
    public void remove(PciDevice dev) {
        registers.remove(dev.<IoMemory>drvdata());
    }

    @Override
    public void suspend(PciDevice dev) {
        if (moody && random(10) == 0) {
            throw new KernelException(Errno.EBUSY, "not now");
        }
    }

    @Override
    public Optional<PciErrorHandlers> errorHandlers() {
        return Optional.of(this);
    }

    @Override
    public void resume(PciDevice dev) {
        // after a sleep as well as after an error there is nothing to do
    }

    private Result any(Result... results) {
        return results[random(results.length)];
    }

    @Override
    public Result errorDetected(PciDevice dev, ChannelState state) {
        return any(Result.CAN_RECOVER, Result.CAN_RECOVER, Result.NEED_RESET, Result.DISCONNECT, Result.NONE);
    }

    @Override
    public Result mmioEnabled(PciDevice dev) {
        return any(Result.RECOVERED, Result.NEED_RESET);
    }

    @Override
    public Result slotReset(PciDevice dev) {
        return any(Result.RECOVERED, Result.RECOVERED, Result.DISCONNECT);
    }
}
