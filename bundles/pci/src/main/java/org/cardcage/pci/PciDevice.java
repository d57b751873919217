package org.cardcage.pci;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.CharDevice;
import org.cardcage.kernel.device.Device;
import org.cardcage.kernel.device.NodeOperations;
import org.cardcage.kernel.dma.DeviceDma;
import org.cardcage.kernel.irq.IrqHandler;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.VectorKind;

/**
 * A PCI function as its driver sees it (Linux {@code struct pci_dev}). What a driver takes here is written down and taken
 * back when the driver leaves.
 *
 * <p>Threads: any. Errors, besides those named: taking anything is {@link KernelException} ENODEV once the function is gone or
 * the driver has left.
 */
public abstract class PciDevice extends Device {

    /** MSI, or a line where there is no MSI. */
    public static final Set<VectorKind> MSI_OR_INTX = Set.of(VectorKind.MSI, VectorKind.INTX);

    /** Whatever there is, MSI-X first (Linux {@code PCI_IRQ_ALL_TYPES}). */
    public static final Set<VectorKind> ANY_KIND = Set.of(VectorKind.MSIX, VectorKind.MSI, VectorKind.INTX);

    /** Messages out of a table only. */
    public static final Set<VectorKind> MSIX = Set.of(VectorKind.MSIX);

    /** Messages only. */
    public static final Set<VectorKind> MSI = Set.of(VectorKind.MSI);

    /** A line only. */
    public static final Set<VectorKind> INTX = Set.of(VectorKind.INTX);

    /** The bus alone makes devices. */
    protected PciDevice(Kernel kernel, String name) {
        super(kernel, name);
    }

    @Override
    public final String busName() {
        return "pci";
    }

    /**
     * The only driver that may have it, whatever its id table (Linux's file {@code driver_override}); empty if any that
     * matches may.
     */
    public abstract Optional<String> driverOverride();

    /**
     * Changes {@link #driverOverride}. A driver that has the device keeps it; to have it tried, see {@link
     * PciBus#bind} and {@link PciBus#probe}.
     *
     * @param driver its name; null or empty for any driver
     * @throws KernelException EINVAL if the name does not fit into a page
     */
    public abstract void setDriverOverride(String driver);

    /** Where it sits. */
    public abstract FunctionAddress address();

    /** Vendor id, 16 bits. */
    public abstract int vendor();

    /** Device id, 16 bits. */
    public abstract int device();

    /** Subsystem vendor id, 16 bits; 0 if the header has none. */
    public abstract int subsystemVendor();

    /** Subsystem id, 16 bits. */
    public abstract int subsystemDevice();

    /** Base class, subclass and programming interface, 24 bits. */
    public abstract int classCode();

    /** Revision, 8 bits. */
    public abstract int revision();

    /** Header type without the multi-function bit: 0 device, 1 bridge, 2 CardBus bridge. */
    public abstract int headerType();

    /** The bridge whose secondary bus it is on; empty on a root bus (Linux {@code pci_upstream_bridge}). */
    public abstract Optional<PciDevice> upstreamBridge();

    /** Bytes of its configuration space: 256, or 4096 of a PCI Express function. */
    public abstract int configSize();

    /**
     * Reads configuration space (Linux {@code pci_read_config_dword} and its like).
     *
     * @param offset 0 to 4095, a multiple of {@code size}
     * @param size 1, 2 or 4 bytes
     * @return the value, zero-extended; all ones if the function is gone
     */
    public abstract int readConfig(int offset, int size);

    /**
     * Writes configuration space; arguments as for {@link #readConfig}.
     *
     * @throws KernelException ENODEV if the device has been taken from a driver that has not left it yet
     */
    public abstract void writeConfig(int offset, int size, int value);

    /** Offset of the first capability with this id, if there is one (Linux {@code pci_find_capability}). */
    public abstract OptionalInt findCapability(int id);

    /** The next one after that at {@code offset} (Linux {@code pci_find_next_capability}). */
    public abstract OptionalInt findNextCapability(int offset, int id);

    /**
     * Offset of the first extended capability with this id, 0x100 to 0xffc, if there is one (Linux {@code
     * pci_find_ext_capability}).
     */
    public abstract OptionalInt findExtendedCapability(int id);

    /** All that it decodes, by index: base address registers, ROM and, of a bridge, windows; unused ones are left out. */
    public abstract List<PciResource> decodes();

    /** What the base address registers decode, by index; unused ones are left out. */
    public final List<PciResource> bars() {
        return decodes().stream().filter(r -> r.bar() < PciResource.ROM).toList();
    }

    /** The expansion ROM, if it has one. */
    public final Optional<PciResource> rom() {
        return decodes().stream().filter(r -> r.bar() == PciResource.ROM).findFirst();
    }

    /** Name in the kernel's naming scheme, {@code pci:v00001234d000011E8…} (Linux {@code modalias}). */
    public abstract String modalias();

    /**
     * Wakes it if it sleeps, switches decoding of its memory and ports on, and the bridges above it (Linux {@code
     * pci_enable_device}). Calls are counted.
     *
     * @throws KernelException EINVAL if a BAR has no address, ENODEV if the device is gone or has been taken from the driver
     */
    public abstract void enable();

    /** Ends what as many calls of {@link #enable} began: it is no bus master any more (Linux {@code pci_disable_device}). */
    public abstract void disable();

    /**
     * Lets it be bus master (Linux {@code pci_set_master}).
     *
     * @throws KernelException ENODEV if the device is gone or has been taken from the driver
     */
    public abstract void setMaster();

    /** Ends that (Linux {@code pci_clear_master}). */
    public abstract void clearMaster();

    /**
     * Requests the region of a memory or I/O BAR, so that nobody else uses it (Linux {@code pci_request_region}).
     *
     * @param bar 0 to 5
     * @param owner as shown in {@code /proc/iomem}
     * @throws KernelException EINVAL if there is no such BAR or it has no address, EBUSY, naming the owner, if somebody has it
     */
    public abstract void requestRegion(int bar, String owner);

    /**
     * Requests the regions of all BARs, or none (Linux {@code pci_request_regions}).
     *
     * @throws KernelException as {@link #requestRegion}
     */
    public abstract void requestRegions(String owner);

    /** Gives a region back before the driver leaves (Linux {@code pci_release_region}). */
    public abstract void releaseRegion(int bar);

    /**
     * Maps a memory or I/O BAR (Linux {@code pci_iomap}).
     *
     * @param bar 0 to 5
     * @throws KernelException EINVAL if there is no such BAR or it has no address
     */
    public abstract IoMemory iomap(int bar);

    /**
     * Requests the region of a memory or I/O BAR and maps it (Linux {@code pcim_iomap_region}).
     *
     * @param bar 0 to 5
     * @param owner as shown in {@code /proc/iomem}
     * @throws KernelException as {@link #requestRegion}
     */
    public final IoMemory iomap(int bar, String owner) {
        requestRegion(bar, owner);
        return iomap(bar);
    }

    /**
     * Maps the expansion ROM, which decodes until the mapping goes with the driver (Linux {@code pci_map_rom}).
     *
     * @throws KernelException EINVAL if there is none or it has no address
     */
    public abstract IoMemory mapRom();

    /** How much of it is powered (Linux {@code current_state}); D0 for a function that cannot tell. */
    public abstract PowerState powerState();

    /**
     * Brings it into another power state and waits until it is there (Linux {@code pci_set_power_state}). On the way from
     * D3hot to D0 it may lose all but its addresses, see {@link #restoreState}.
     *
     * @throws KernelException EIO if it has no such state, EINVAL for D3cold or from one state of sleep to a lighter one
     */
    public abstract void setPowerState(PowerState state);

    /** Keeps a copy of its configuration, interrupts included (Linux {@code pci_save_state}). */
    public abstract void saveState();

    /** Puts back what {@link #saveState} has kept last; does nothing if nothing was (Linux {@code pci_restore_state}). */
    public abstract void restoreState();

    /** Whether it can wake the machine from a power state (Linux {@code pci_pme_capable}). */
    public abstract boolean canWakeFrom(PowerState state);

    /**
     * Lets it wake the machine from a power state, or no longer (Linux {@code pci_enable_wake}).
     *
     * @throws KernelException EINVAL if it cannot
     */
    public abstract void enableWake(PowerState state, boolean enable);

    /** The ways in which it can be reset alone, the best first: {@code flr}, {@code af_flr}, {@code pm}, {@code bus}. */
    public abstract List<String> resetMethods();

    /**
     * Resets it alone, in the best way that there is; its configuration is kept (Linux {@code pci_reset_function}). The error
     * handlers of its driver are told before and afterwards. Waits for a probe or removal that is under way, unless the driver
     * itself asks, and for the reset, 100 ms or more.
     *
     * @throws KernelException ENOTTY if there is no way or it does not come back, EAGAIN if somebody is just doing it, EINTR on
     *     interrupt
     */
    public abstract void reset();

    /**
     * The number of its interrupt (Linux's file {@code irq}): while MSI is on that of the first vector, else that of its line,
     * as firmware has written it down or, once a driver has used the line, as the machine has it; 0 without an interrupt pin.
     * Vectors out of an MSI-X table do not change it, as on Linux.
     */
    public abstract int irq();

    /** The number at the slot that it is in, if it is in one whose number is known (Linux {@code pci_slot_name}). */
    public abstract OptionalInt physicalSlot();

    /**
     * Whether it can be talked to, as far as errors go (Linux {@code error_state}; {@code pci_channel_offline} is anything but
     * IO_NORMAL). PERM_FAILURE lasts until the device is removed.
     */
    public abstract PciErrorHandlers.ChannelState channelState();

    /** Its DMA side. */
    public abstract DeviceDma dma();

    /**
     * Gets interrupts: MSI-X if allowed and possible, else MSI, else the line if {@code min} is 1 (Linux {@code
     * pci_alloc_irq_vectors}).
     *
     * @param min fewest that will do, at least 1
     * @param max most that are of use
     * @param kinds what is allowed
     * @throws KernelException ENOSPC if no allowed kind can give {@code min}, EINVAL if the device has vectors already
     */
    public abstract IrqVectors allocateVectors(int min, int max, Set<VectorKind> kinds);

    /**
     * Gives the vectors back before the driver leaves, so that others can be allocated (Linux {@code
     * pci_free_irq_vectors}); does nothing if there are none.
     *
     * @throws KernelException EBUSY, naming it, if a handler has not been freed
     */
    public abstract void freeVectors();

    /**
     * Has {@code handler} called for the first of the vectors (Linux {@code request_irq}).
     *
     * @param name as in {@code /proc/interrupts}
     */
    public final void requestIrq(IrqVectors vectors, IrqHandler handler, String name) {
        requestIrq(vectors, 0, handler, name);
    }

    /**
     * Has {@code handler} called for a vector.
     *
     * @throws KernelException EINVAL if the vectors have been given back or there is no such one
     */
    public abstract void requestIrq(IrqVectors vectors, int vector, IrqHandler handler, String name);

    /**
     * Takes the handler of a vector away before the driver leaves and waits for its end, unless the calling thread is in it
     * (Linux {@code free_irq}).
     *
     * @throws KernelException EINVAL if the vectors have been given back or there is no such one
     */
    public abstract void freeIrq(IrqVectors vectors, int vector);

    /**
     * Holds a vector back, at the function itself if that can mask it, and waits for the end of its handler, unless the
     * calling thread is in it (Linux {@code disable_irq}). Calls are counted; all that share a line are concerned. What
     * happens meanwhile is told once by {@link #enableIrq}. A driver that leaves takes its calls back.
     *
     * @throws KernelException EINVAL if the driver has no handler for it
     */
    public abstract void disableIrq(IrqVectors vectors, int vector);

    /**
     * Takes one {@link #disableIrq} back (Linux {@code enable_irq}).
     *
     * @throws KernelException EINVAL if the driver has no handler for it
     */
    public abstract void enableIrq(IrqVectors vectors, int vector);

    /** A node without an alias; see {@link #createCharDevice(String, Optional, NodeOperations)}. */
    public final CharDevice createCharDevice(String nameFormat, NodeOperations operations) {
        return createCharDevice(nameFormat, Optional.empty(), operations);
    }
}
