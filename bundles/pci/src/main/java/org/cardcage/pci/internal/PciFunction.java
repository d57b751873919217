package org.cardcage.pci.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.DeviceControl;
import org.cardcage.kernel.device.Driver;
import org.cardcage.kernel.dma.DeviceDma;
import org.cardcage.kernel.irq.IrqHandler;
import org.cardcage.kernel.kobject.AttributeOwner;
import org.cardcage.kernel.kobject.KObject;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kernel.resource.AddressSpaces.Spaces;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Machine;
import org.cardcage.machine.VectorKind;
import org.cardcage.pci.IrqVectors;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciErrorHandlers.ChannelState;
import org.cardcage.pci.PciResource;
import org.cardcage.pci.PowerState;
import org.slf4j.Logger;

/**
 * A function found on a machine. The ids of the header are read once, when it is found.
 *
 * <p>Threads: any; what changes is volatile.
 */
final class PciFunction extends ConfiguredDevice {

    private final AttachedMachine attached;
    private final Bus bus;
    private final FunctionRegions regions;
    private final FunctionMappings mappings;
    private final FunctionVectors vectors;
    private final FunctionCommand command;
    private final FunctionPower power;
    private final FunctionReset reset;
    private final DeviceDma dma;
    private final OptionalInt physicalSlot;
    private volatile SavedState saved;
    private volatile boolean restorable;
    private volatile ChannelState channelState = ChannelState.IO_NORMAL;

    private PciFunction(
            Kernel kernel,
            AttachedMachine attached,
            Bus bus,
            FunctionAddress address,
            FunctionHeader header,
            Logger log) {
        super(kernel, attached.machine(), address, header, log);
        this.attached = attached;
        this.bus = bus;
        Machine machine = attached.machine();
        PciConfig config = config();
        List<PciResource> decoded = LegacyIde.with(
                header, new BarReader(config, log).read(header.baseAddressRegisters(), header.romRegister()), log);
        if (header.isBridge()) {
            decoded.addAll(new BridgeReader(config).windows());
        }
        Spaces spaces = kernel.addressSpaces().of(machine);
        regions = new FunctionRegions(this, decoded);
        mappings = new FunctionMappings(this, machine, spaces, header.romRegister());
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
    static Optional<PciFunction> find(Kernel kernel, AttachedMachine attached, Bus bus, FunctionAddress address) {
        Logger log = kernel.logger("pci " + address);
        PciConfig config = new PciConfig(attached.machine(), address, () -> false);
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
        PciFunction function = new PciFunction(kernel, attached, bus, address, header.get(), log);
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
        return attached.machine() == other;
    }

    AttachedMachine attached() {
        return attached;
    }

    /** The function has gone: what answers at its addresses from now on is not it. */
    void abandon() {
        mappings.abandon();
        regions.abandon();
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
    protected KObject parentObject() {
        PciFunction bridge = bus.bridge();
        return bridge != null
                ? bridge.object()
                : kernel().objects()
                        .directory(
                                String.format("devices/pci%04x:%02x", address().domain(), bus.number()));
    }

    @Override
    protected void showAttributes(KObject directory, AttributeOwner owner) {
        directory.show(this, attached.attributes(), owner);
    }

    @Override
    protected Map<String, String> ueventVariables() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PCI_CLASS", String.format("%04X", classCode()));
        variables.put("PCI_ID", String.format("%04X:%04X", vendor(), device()));
        variables.put("PCI_SUBSYS_ID", String.format("%04X:%04X", subsystemVendor(), subsystemDevice()));
        variables.put("PCI_SLOT_NAME", name());
        variables.put("MODALIAS", modalias());
        return variables;
    }

    int enableCount() {
        return command.count();
    }

    /** The addresses of a resource for whoever uses the function without being its driver. */
    IoMemory mapForUser(PciResource resource) {
        return mappings.forUsers(resource);
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
        saved = SavedState.of(this, attached.machine(), capabilities());
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
        DeviceControl control = kernel().drivers().control();
        if (control.isInside(this, Thread.currentThread())) {
            reset(user()); // the driver itself, which has to know what else it does
        } else {
            control.perform(this, new CancelToken(), this::reset);
        }
    }

    private void reset(Optional<Driver> driver) {
        reset.run(driver.flatMap(d -> ((DriverAdapter) d).errorHandlers()));
    }

    @Override
    public ChannelState channelState() {
        return channelState;
    }

    void setChannelState(ChannelState state) {
        channelState = state;
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
        mappings.request(regions.assigned(bar), owner);
    }

    @Override
    public void requestRegions(String owner) {
        checkPresent();
        mappings.request(bars().stream().map(bar -> regions.assigned(bar.bar())).toList(), owner);
    }

    @Override
    public void releaseRegion(int bar) {
        mappings.unrequest(bar);
    }

    @Override
    public IoMemory iomap(int bar) {
        checkPresent();
        return mappings.map(regions.assigned(bar));
    }

    @Override
    public IoMemory mapRom() {
        checkPresent();
        return mappings.mapRom(regions.assigned(PciResource.ROM), config());
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
    public void freeVectors() {
        vectors.free();
    }

    @Override
    public void requestIrq(IrqVectors given, int vector, IrqHandler handler, String name) {
        KernelModule module = user().map(Driver::module)
                .orElseThrow(() -> new KernelException(Errno.ENODEV, name() + " has no driver"));
        vectors.request(given, vector, handler, name, module);
    }

    @Override
    public void freeIrq(IrqVectors given, int vector) {
        vectors.free(given, vector);
    }

    @Override
    public void disableIrq(IrqVectors given, int vector) {
        vectors.disable(given, vector);
    }

    @Override
    public void enableIrq(IrqVectors given, int vector) {
        vectors.enable(given, vector);
    }
}
