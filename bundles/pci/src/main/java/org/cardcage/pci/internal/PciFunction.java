package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Driver;
import org.cardcage.kernel.device.Resources;
import org.cardcage.kernel.dma.DeviceDma;
import org.cardcage.kernel.irq.Interrupt;
import org.cardcage.kernel.irq.IrqChip;
import org.cardcage.kernel.irq.IrqHandler;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Machine;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.cardcage.pci.IrqVectors;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciResource;

/**
 * A function found on a machine. The ids of the header are read once, when it is found.
 *
 * <p>Threads: any; {@code this} guards {@code regions}.
 */
final class PciFunction extends PciDevice {

    private final Machine machine;
    private final FunctionAddress address;
    private final PciConfig config;
    private final int vendor;
    private final int device;
    private final int classRevision;
    private final int headerType;
    private final int subsystemVendor;
    private final int subsystemDevice;
    private final List<PciResource> bars;
    private final DeviceDma dma;
    private final List<IoMemory> mappings = new CopyOnWriteArrayList<>();
    private final Map<Integer, String> regions = new HashMap<>();

    PciFunction(Kernel kernel, Machine machine, FunctionAddress address) {
        super(kernel, address.toString());
        this.machine = machine;
        this.address = address;
        config = new PciConfig(machine, address, this::isGone);
        vendor = config.read(VENDOR_ID, 2);
        device = config.read(DEVICE_ID, 2);
        classRevision = config.read(CLASS_REVISION, 4);
        headerType = config.read(HEADER_TYPE, 1) & HEADER_TYPE_MASK;
        boolean normal = headerType == HEADER_TYPE_NORMAL;
        subsystemVendor = normal ? config.read(SUBSYSTEM_VENDOR_ID, 2) : 0;
        subsystemDevice = normal ? config.read(SUBSYSTEM_ID, 2) : 0;
        bars = List.copyOf(new BarReader(config).read(baseAddressRegisters()));
        dma = new DeviceDma(machine.dma(address), resources());
    }

    boolean isOn(Machine other) {
        return machine == other;
    }

    private int baseAddressRegisters() {
        return switch (headerType) {
            case HEADER_TYPE_NORMAL -> 6;
            case HEADER_TYPE_BRIDGE -> 2;
            default -> 0;
        };
    }

    @Override
    public FunctionAddress address() {
        return address;
    }

    @Override
    public int vendor() {
        return vendor;
    }

    @Override
    public int device() {
        return device;
    }

    @Override
    public int subsystemVendor() {
        return subsystemVendor;
    }

    @Override
    public int subsystemDevice() {
        return subsystemDevice;
    }

    @Override
    public int classCode() {
        return classRevision >>> 8;
    }

    @Override
    public int revision() {
        return classRevision & 0xff;
    }

    @Override
    public int headerType() {
        return headerType;
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
        return config.findCapability(id);
    }

    @Override
    public List<PciResource> bars() {
        return bars;
    }

    @Override
    public String modalias() {
        return String.format(
                "pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X",
                vendor,
                device,
                subsystemVendor,
                subsystemDevice,
                classCode() >> 16,
                classCode() >> 8 & 0xff,
                classCode() & 0xff);
    }

    @Override
    public void enable() {
        checkPresent();
        int decode = 0;
        for (PciResource bar : bars) {
            if (!bar.isAssigned()) {
                throw new KernelException(
                        Errno.EINVAL, "can't enable device: BAR " + bar.bar() + " " + bar + " not assigned");
            }
            decode |= bar.io() ? COMMAND_IO : COMMAND_MEMORY;
        }
        config.changeCommand(0, decode, this::checkNotCutOff);
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
        if (!isGone()) {
            config.changeCommand(COMMAND_MASTER, COMMAND_INTX_DISABLE, () -> {});
        }
    }

    @Override
    public IoMemory iomap(int bar, String owner) {
        checkPresent();
        PciResource resource = bars.stream()
                .filter(b -> b.bar() == bar)
                .findFirst()
                .orElseThrow(() -> new KernelException(Errno.EINVAL, name() + " has no BAR " + bar));
        if (!resource.isAssigned()) {
            throw new KernelException(
                    Errno.EINVAL, "BAR " + bar + " " + resource + " of " + name() + " has no address");
        }
        requestRegion(resource, owner);
        IoMemory memory = resource.io()
                ? machine.mapPorts((int) resource.start(), (int) resource.length())
                : machine.map(resource.start(), resource.length());
        mappings.add(memory);
        resources()
                .manage(
                        Resources.Phase.MEMORY,
                        "mapping of BAR " + bar,
                        () -> revoke(memory, bar),
                        () -> unmap(memory, bar));
        if (isGone()) {
            memory.disconnect();
        }
        return memory;
    }

    private void revoke(IoMemory memory, int bar) {
        memory.revoke(() -> new KernelException(Errno.ENODEV, "BAR " + bar + " of " + name() + " is unmapped"));
    }

    private void unmap(IoMemory memory, int bar) {
        revoke(memory, bar);
        mappings.remove(memory);
    }

    /** The card was pulled: what answers at its addresses from now on is not it. */
    void disconnect() {
        mappings.forEach(IoMemory::disconnect);
    }

    private synchronized void requestRegion(PciResource resource, String owner) {
        String present = regions.putIfAbsent(resource.bar(), owner);
        if (present != null) {
            throw new KernelException(
                    Errno.EBUSY, "BAR " + resource.bar() + " " + resource + " of " + name() + " belongs to " + present);
        }
        resources().manage(Resources.Phase.MEMORY, "region of BAR " + resource.bar(), () -> releaseRegion(resource));
    }

    private synchronized void releaseRegion(PciResource resource) {
        regions.remove(resource.bar());
    }

    @Override
    public DeviceDma dma() {
        return dma;
    }

    @Override
    public IrqVectors allocateVectors(int min, int max, Set<VectorKind> kinds) {
        checkPresent();
        List<VectorKind> order = new ArrayList<>(List.of(VectorKind.values()));
        Collections.reverse(order);
        for (VectorKind kind : order) {
            if (kinds.contains(kind) && (kind != VectorKind.INTX || min == 1)) {
                try {
                    return connect(machine.vectors(address, kind, min, max));
                } catch (UnsupportedOperationException e) {
                    // the next kind is tried, as Linux does
                    continue;
                }
            }
        }
        throw new KernelException(
                Errno.ENOSPC, name() + " cannot give " + min + " interrupt vectors of the kinds " + kinds);
    }

    private IrqVectors connect(VectorSet set) {
        List<Interrupt> interrupts = new ArrayList<>();
        try {
            connect(set, interrupts);
        } catch (RuntimeException e) {
            disconnect(set, interrupts);
            throw e;
        }
        resources()
                .manage(
                        Resources.Phase.INTERRUPTS,
                        set.kind() + " vectors",
                        set::close,
                        () -> disconnect(set, interrupts));
        return new IrqVectors(set.kind(), interrupts);
    }

    private void connect(VectorSet set, List<Interrupt> interrupts) {
        for (int vector = 0; vector < set.count(); vector++) {
            interrupts.add(
                    set.kind() == VectorKind.INTX
                            ? kernel().interrupts().addLine(set)
                            : kernel().interrupts().addMessage(set, vector, messageChip(set.kind(), vector)));
        }
    }

    private void disconnect(VectorSet set, List<Interrupt> interrupts) {
        set.close();
        interrupts.forEach(interrupt -> kernel().interrupts().remove(interrupt, set));
    }

    /** The number that Linux shows: bus, device, function and vector in one. */
    private IrqChip messageChip(VectorKind kind, int vector) {
        long function = (long) address.bus() << 8 | address.device() << 3 | address.function();
        return new IrqChip("PCI-" + (kind == VectorKind.MSI ? "MSI" : "MSIX"), function << 11 | vector, "edge");
    }

    @Override
    public void requestIrq(IrqVectors vectors, int vector, IrqHandler handler, String name) {
        KernelModule module = user().map(Driver::module)
                .orElseThrow(() -> new KernelException(Errno.ENODEV, name() + " has no driver"));
        Interrupt interrupt = vectors.interrupts().get(vector);
        Interrupt.Action action = interrupt.request(handler, name, module);
        resources().manage(Resources.Phase.INTERRUPTS, "irq " + interrupt.number(), action::revoke, action::free);
    }
}
