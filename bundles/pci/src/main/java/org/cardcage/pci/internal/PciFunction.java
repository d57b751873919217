package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Driver;
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
import org.slf4j.Logger;

/**
 * A function found on a machine. The ids of the header are read once, when it is found.
 *
 * <p>Threads: any; {@code this} guards {@code enabled}.
 */
final class PciFunction extends PciDevice {

    private static final int PAGE = 4096;
    private static final int EXPRESS_ROOT_PORT = 4;
    private static final int EXPRESS_DOWNSTREAM_PORT = 6;
    private static final int EXPRESS_BRIDGE_FROM_PCI = 8;

    private final Machine machine;
    private final FunctionAddress address;
    private final Bus bus;
    private final PciConfig config;
    private final Capabilities capabilities;
    private final FunctionHeader header;
    private final int configSize;
    private final int expressType;
    private final FunctionRegions regions;
    private final FunctionVectors vectors;
    private final DeviceDma dma;
    private volatile String driverOverride;
    private int enabled;

    private PciFunction(
            Kernel kernel, Machine machine, Bus bus, FunctionAddress address, FunctionHeader header, Logger log) {
        super(kernel, address.toString());
        this.machine = machine;
        this.address = address;
        this.bus = bus;
        this.header = header;
        config = new PciConfig(machine, address, this::isGone);
        capabilities = new Capabilities(config);
        capabilities.fault().ifPresent(fault -> log.warn("{}; the rest of it is ignored", fault));
        configSize = capabilities.configSize();
        if (configSize == PciConfig.SIZE) {
            capabilities.extendedFault().ifPresent(fault -> log.warn("{}; the rest of it is ignored", fault));
        }
        OptionalInt express = capabilities.find(CAP_ID_EXPRESS);
        expressType = express.isPresent() ? config.read(express.getAsInt() + EXPRESS_FLAGS, 2) >> 4 & 0xf : -1;
        List<PciResource> decoded =
                new ArrayList<>(new BarReader(config, log).read(header.baseAddressRegisters(), header.romRegister()));
        if (header.isBridge()) {
            decoded.addAll(new BridgeReader(config).windows());
        }
        Spaces spaces = kernel.addressSpaces().of(machine);
        regions = new FunctionRegions(this, machine, spaces, header.romRegister(), decoded);
        vectors = new FunctionVectors(this, machine);
        dma = new DeviceDma(machine.dma(address), resources());
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

    PciConfig config() {
        return config;
    }

    FunctionRegions regions() {
        return regions;
    }

    boolean isMultiFunction() {
        return header.multiFunction();
    }

    boolean isBridge() {
        return header.isBridge();
    }

    /** Whether it passes on what its neighbours do not claim (Linux {@code transparent}). */
    boolean isTransparent() {
        return isBridge() && (classCode() & 0xff) == 1;
    }

    /** Whether one PCI Express link is behind it. */
    boolean isExpressDownstream() {
        return expressType == EXPRESS_ROOT_PORT
                || expressType == EXPRESS_DOWNSTREAM_PORT
                || expressType == EXPRESS_BRIDGE_FROM_PCI;
    }

    @Override
    public FunctionAddress address() {
        return address;
    }

    @Override
    public Optional<String> driverOverride() {
        return Optional.ofNullable(driverOverride);
    }

    @Override
    public void setDriverOverride(String driver) {
        if (driver != null && driver.length() >= PAGE - 1) {
            throw new KernelException(Errno.EINVAL, "a driver name of " + driver.length() + " characters");
        }
        driverOverride = driver == null || driver.isEmpty() ? null : driver;
        kernel().drivers().deviceChanged(this);
    }

    /** With an override any driver may match, so each must be asked. */
    @Override
    protected Optional<Object> matchKey() {
        return driverOverride == null ? Optional.of(IdTable.key(vendor(), device())) : Optional.empty();
    }

    @Override
    public int vendor() {
        return header.vendor();
    }

    @Override
    public int device() {
        return header.device();
    }

    @Override
    public int subsystemVendor() {
        return header.subsystemVendor();
    }

    @Override
    public int subsystemDevice() {
        return header.subsystemDevice();
    }

    @Override
    public int classCode() {
        return header.classCode();
    }

    @Override
    public int revision() {
        return header.revision();
    }

    @Override
    public int headerType() {
        return header.type();
    }

    @Override
    public Optional<PciDevice> upstreamBridge() {
        return Optional.ofNullable(bus.bridge());
    }

    @Override
    public int configSize() {
        return configSize;
    }

    @Override
    public int readConfig(int offset, int size) {
        return config.read(offset, size);
    }

    @Override
    public void writeConfig(int offset, int size, int value) {
        config.write(offset, size, value, this::checkNotCutOff);
    }

    @Override
    public OptionalInt findCapability(int id) {
        return capabilities.find(id);
    }

    @Override
    public OptionalInt findNextCapability(int offset, int id) {
        return capabilities.findNext(offset, id);
    }

    @Override
    public OptionalInt findExtendedCapability(int id) {
        return configSize == PciConfig.SIZE ? capabilities.findExtended(id) : OptionalInt.empty();
    }

    @Override
    public List<PciResource> decodes() {
        return regions.all();
    }

    @Override
    public String modalias() {
        return String.format(
                "pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X",
                vendor(),
                device(),
                subsystemVendor(),
                subsystemDevice(),
                classCode() >> 16,
                classCode() >> 8 & 0xff,
                classCode() & 0xff);
    }

    @Override
    public void enable() {
        checkPresent();
        synchronized (this) {
            if (enabled > 0) {
                enabled++;
                return;
            }
        }
        int decode = 0;
        for (PciResource bar : bars()) {
            if (!bar.isAssigned()) {
                throw new KernelException(
                        Errno.EINVAL, "can't enable device: " + bar.name() + " " + bar + " not assigned");
            }
            decode |= bar.io() ? COMMAND_IO : COMMAND_MEMORY;
        }
        enableBridges();
        int before = config.changeCommand(0, decode, this::checkNotCutOff);
        if ((before & decode) != decode) {
            log().info("enabling device ({} -> {})", hex(before, 4), hex(before | decode, 4));
        }
        synchronized (this) {
            enabled++;
        }
    }

    /** What sits behind bridges is reached, and reaches memory, through them (Linux {@code pci_enable_bridge}). */
    private void enableBridges() {
        PciFunction bridge = bus.bridge();
        if (bridge != null) {
            bridge.enableBridges();
            bridge.config.changeCommand(0, bridge.decodeOfWindows() | COMMAND_MASTER, () -> {});
        }
    }

    private int decodeOfWindows() {
        int decode = 0;
        for (PciResource resource : regions.all()) {
            decode |= resource.io() ? COMMAND_IO : COMMAND_MEMORY;
        }
        return decode;
    }

    @Override
    public void disable() {
        synchronized (this) {
            if (enabled == 0 || --enabled > 0) {
                return;
            }
        }
        config.changeCommand(COMMAND_MASTER, 0, () -> {});
    }

    private void checkPresent() {
        if (isGone()) {
            throw new KernelException(Errno.ENODEV, name() + " is gone");
        }
        checkNotCutOff();
    }

    private void checkNotCutOff() {
        if (isCutOff()) {
            throw new KernelException(
                    Errno.ENODEV, name() + " is unusable until a thread leaves its former driver (see the kernel log)");
        }
    }

    @Override
    public void setMaster() {
        checkPresent();
        config.changeCommand(0, COMMAND_MASTER, this::checkNotCutOff);
    }

    @Override
    public void clearMaster() {
        config.changeCommand(COMMAND_MASTER, 0, () -> {});
    }

    /**
     * After a driver has left, or lost the device: no bus mastering, no line. What sits in the slot of a pulled function is
     * another one.
     */
    void quiesce() {
        synchronized (this) {
            enabled = 0;
        }
        if (!isGone()) {
            config.changeCommand(COMMAND_MASTER, COMMAND_INTX_DISABLE, () -> {});
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
        return regions.mapRom(config);
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
    public void requestIrq(IrqVectors given, int vector, IrqHandler handler, String name) {
        KernelModule module = user().map(Driver::module)
                .orElseThrow(() -> new KernelException(Errno.ENODEV, name() + " has no driver"));
        Interrupt interrupt = given.interrupts().get(vector);
        Interrupt.Action action = interrupt.request(handler, name, module);
        resources().manage(Resources.Phase.INTERRUPTS, "irq " + interrupt.number(), action::revoke, action::free);
    }
}
