package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Driver;
import org.cardcage.kernel.device.DriverCore;
import org.cardcage.kernel.device.Resources;
import org.cardcage.kernel.dma.DeviceDma;
import org.cardcage.kernel.irq.Interrupt;
import org.cardcage.kernel.irq.IrqHandler;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kernel.resource.AddressSpaces.Spaces;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Machine;
import org.cardcage.machine.VectorKind;
import org.cardcage.pci.IrqVectors;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciResource;
import org.cardcage.pci.PowerState;
import org.slf4j.Logger;

/**
 * A function found on a machine. The ids of the header are read once, when it is found.
 *
 * <p>Threads: any; what changes is volatile.
 */
final class PciFunction extends ConfiguredDevice {

    private final Machine machine;
    private final Bus bus;
    private final FunctionRegions regions;
    private final FunctionVectors vectors;
    private final FunctionCommand command;
    private final FunctionPower power;
    private final FunctionReset reset;
    private final DeviceDma dma;
    private final OptionalInt physicalSlot;
    private volatile SavedState saved;
    private volatile boolean restorable;

    private PciFunction(
            Kernel kernel, Machine machine, Bus bus, FunctionAddress address, FunctionHeader header, Logger log) {
        super(kernel, machine, address, header, log);
        this.machine = machine;
        this.bus = bus;
        PciConfig config = config();
        List<PciResource> decoded = LegacyIde.with(
                header, new BarReader(config, log).read(header.baseAddressRegisters(), header.romRegister()), log);
        if (header.isBridge()) {
            decoded.addAll(new BridgeReader(config).windows());
        }
        Spaces spaces = kernel.addressSpaces().of(machine);
        regions = new FunctionRegions(this, machine, spaces, header.romRegister(), decoded);
        vectors = new FunctionVectors(this, machine);
        command = new FunctionCommand(this, config);
        power = new FunctionPower(this, config, capabilities());
        reset = new FunctionReset(this, config, capabilities(), power);
        dma = new DeviceDma(machine.dma(address), resources());
        physicalSlot = machine.physicalSlot(address);
    }

    /**
     * Sets up the function that answers at an address (Linux {@code pci_setup_device}).
     *
     * @return empty, with a word in the log, if what answers is no function that can be used
     */
    static Optional<PciFunction> find(Kernel kernel, Machine machine, Bus bus, FunctionAddress address) {
        Logger log = kernel.logger("pci " + address);
        PciConfig config = new PciConfig(machine, address, () -> false);
        Optional<FunctionHeader> header = FunctionHeader.read(config, log);
        if (header.isEmpty()) {
            return Optional.empty();
        }
        header.ifPresent(h -> log.info(
                "[{}:{}] type {} class 0x{}",
                hex(h.vendor(), 4),
                hex(h.device(), 4),
                hex(h.type(), 2),
                hex(h.classCode(), 6)));
        PciFunction function = new PciFunction(kernel, machine, bus, address, header.get(), log);
        if (!config.answers()) {
            log.warn("does not answer any more, ignoring device");
            return Optional.empty();
        }
        function.regions.all().stream().filter(r -> !r.isWindow()).forEach(r -> log.info("{} {}", r.name(), r));
        return Optional.of(function);
    }

    private static String hex(int value, int digits) {
        return String.format("%0" + digits + "x", value);
    }

    boolean isOn(Machine other) {
        return machine == other;
    }

    Bus bus() {
        return bus;
    }

    FunctionRegions regions() {
        return regions;
    }

    FunctionPower power() {
        return power;
    }

    FunctionReset resetting() {
        return reset;
    }

    boolean isAloneOnItsBus() {
        return bus.hasOnly(this);
    }

    @Override
    public Optional<PciDevice> upstreamBridge() {
        return Optional.ofNullable(bus.bridge());
    }

    @Override
    public List<PciResource> decodes() {
        return regions.all();
    }

    @Override
    public void enable() {
        checkPresent();
        command.enable();
    }

    @Override
    public void disable() {
        command.disable();
    }

    @Override
    public void setMaster() {
        checkPresent();
        command.setMaster();
    }

    @Override
    public void clearMaster() {
        command.clearMaster();
    }

    /** After a driver has left, or lost the device. */
    void quiesce() {
        command.quiesce();
    }

    @Override
    public PowerState powerState() {
        return power.state();
    }

    @Override
    public void setPowerState(PowerState state) {
        checkPresent();
        power.set(state);
    }

    @Override
    public void saveState() {
        checkPresent();
        saved = SavedState.of(this, machine, capabilities());
        restorable = true;
    }

    @Override
    public void restoreState() {
        checkNotCutOff();
        SavedState state = saved;
        if (restorable && state != null && !isGone()) {
            restorable = false;
            state.restore();
        }
    }

    boolean hasSavedState() {
        return restorable;
    }

    void forgetState() {
        restorable = false;
    }

    @Override
    public boolean canWakeFrom(PowerState state) {
        return power.canWakeFrom(state);
    }

    @Override
    public void enableWake(PowerState state, boolean enable) {
        checkPresent();
        power.enableWake(state, enable);
    }

    @Override
    public List<String> resetMethods() {
        return reset.methods();
    }

    @Override
    public void reset() {
        checkPresent();
        DriverCore drivers = kernel().drivers();
        if (user().filter(driver -> drivers.isInside(driver, Thread.currentThread()))
                .isPresent()) {
            reset(user());
        } else {
            drivers.perform(this, new CancelToken(), this::reset);
        }
    }

    private void reset(Optional<Driver> driver) {
        reset.run(driver.flatMap(d -> ((DriverAdapter) d).errorHandlers()));
    }

    /** Something that a driver does. */
    interface Call {
        void run() throws Exception;
    }

    /**
     * Calls its driver; a fault of that is contained.
     *
     * @throws KernelException what the driver throws, EIO if that is not one
     */
    void call(String what, Call call) {
        try {
            call.run();
        } catch (KernelException e) {
            throw e;
        } catch (Throwable t) { // a driver's fault is contained
            user().ifPresent(driver -> kernel().oops(driver.module(), what + " of " + name(), t));
            throw new KernelException(Errno.EIO, what + " of " + name() + " failed: " + t, t);
        }
    }

    /** Calls its driver, of whose failure nothing follows but a word in the log. */
    void tell(String what, Call call) {
        try {
            call(what, call);
        } catch (KernelException e) {
            log().warn("{} failed: {}", what, e.getMessage());
        }
    }

    @Override
    public void requestRegion(int bar, String owner) {
        checkPresent();
        regions.request(regions.assigned(bar), owner);
    }

    @Override
    public void requestRegions(String owner) {
        checkPresent();
        List<PciResource> done = new ArrayList<>();
        try {
            for (PciResource bar : bars()) {
                regions.request(regions.assigned(bar.bar()), owner);
                done.add(bar);
            }
        } catch (KernelException e) {
            done.forEach(bar -> regions.unrequest(bar.bar()));
            throw e;
        }
    }

    @Override
    public void releaseRegion(int bar) {
        regions.unrequest(bar);
    }

    @Override
    public IoMemory iomap(int bar) {
        checkPresent();
        return regions.map(regions.assigned(bar));
    }

    @Override
    public IoMemory mapRom() {
        checkPresent();
        return regions.mapRom(config());
    }

    @Override
    public DeviceDma dma() {
        return dma;
    }

    @Override
    public IrqVectors allocateVectors(int min, int max, Set<VectorKind> kinds) {
        checkPresent();
        return vectors.allocate(min, max, kinds);
    }

    @Override
    public OptionalInt physicalSlot() {
        return physicalSlot;
    }

    @Override
    public int irq() {
        return vectors.irq();
    }

    @Override
    public void requestIrq(IrqVectors given, int vector, IrqHandler handler, String name) {
        KernelModule module = user().map(Driver::module)
                .orElseThrow(() -> new KernelException(Errno.ENODEV, name() + " has no driver"));
        Interrupt interrupt = given.interrupts().get(vector);
        Interrupt.Action action = interrupt.request(handler, name, module);
        resources().manage(Resources.Phase.INTERRUPTS, "irq " + interrupt.number(), action::revoke, action::free);
    }
}
