package org.cardcage.board;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.cardcage.device.AcsCapability;
import org.cardcage.device.AerCapability;
import org.cardcage.device.BridgeHeader;
import org.cardcage.device.ExpressCapability;
import org.cardcage.device.ExpressCapability.Port;
import org.cardcage.device.ExpressCapability.Slot;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.MsiCapability;
import org.cardcage.device.PowerManagementCapability;
import org.cardcage.device.SilentModel;
import org.cardcage.device.SubsystemCapability;
import org.cardcage.device.VendorCapability;

/**
 * A bridge to plug into a board: what it does is done by the board, out of the description. Any model whose
 * description has a type 1 header is a bridge; these are those of a PC, with the identities that QEMU gives them.
 *
 * <p>Threads: any; immutable.
 */
public final class Bridge extends SilentModel {

    private static final int RED_HAT = 0x1b36;
    private static final int TEXAS_INSTRUMENTS = 0x104c;
    private static final int INTEL = 0x8086;
    private static final int CLASS_PCI_BRIDGE = 0x060400;
    private static final int CLASS_ISA_BRIDGE = 0x060100;

    private Bridge(FunctionDescription description) {
        super(description);
    }

    /** A bridge with a description of its own. */
    public static Bridge of(FunctionDescription description) {
        return new Bridge(description);
    }

    private static FunctionDescription.Builder bridge(int vendor, int device) {
        return FunctionDescription.of(vendor, device, CLASS_PCI_BRIDGE).bridge(BridgeHeader.usual());
    }

    /** A conventional PCI-to-PCI bridge; 32 slots behind it. */
    public static Bridge pci() {
        return of(bridge(RED_HAT, 0x0001).interruptPin(1).build());
    }

    /**
     * A PCI Express root port; one slot behind it, device 0, where cards may come and go.
     *
     * @param slot the physical number of the slot, 0 to 0x1fff
     */
    public static Bridge rootPort(int slot) {
        return of(rootPortDescription(slot).build());
    }

    /**
     * A root port that asks firmware to keep something for cards to come, as QEMU's {@code pcie-root-port} does with its
     * properties {@code bus-reserve}, {@code io-reserve}, {@code mem-reserve} and {@code pref64-reserve}.
     *
     * @param buses bus numbers, as a switch needs them
     * @param ports bytes of I/O ports
     * @param memory bytes of memory below 4 GiB
     * @param prefetchable bytes of prefetchable memory, below 4 GiB
     */
    public static Bridge rootPort(int slot, int buses, int ports, int memory, int prefetchable) {
        ByteBuffer wanted = ByteBuffer.allocate(29).order(ByteOrder.LITTLE_ENDIAN);
        wanted.put((byte) 1)
                .putInt(buses)
                .putLong(ports)
                .putInt(memory)
                .putInt(-1)
                .putLong(prefetchable);
        int[] bytes = new int[wanted.capacity()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = wanted.get(i) & 0xff;
        }
        return of(rootPortDescription(slot)
                .capabilities(VendorCapability.of(bytes))
                .build());
    }

    private static FunctionDescription.Builder rootPortDescription(int slot) {
        return bridge(RED_HAT, 0x000c)
                .interruptPin(1)
                .capabilities(
                        SubsystemCapability.of(RED_HAT, 0),
                        ExpressCapability.of(Port.ROOT_PORT).withSlot(Slot.hotPlug(slot)),
                        MsiCapability.of(1),
                        new AerCapability(),
                        new AcsCapability());
    }

    /** The upper side of a PCI Express switch; downstream ports go on the bus behind it. */
    public static Bridge upstreamPort() {
        return of(bridge(TEXAS_INSTRUMENTS, 0x8232)
                .revision(2)
                .capabilities(
                        PowerManagementCapability.basic(),
                        ExpressCapability.of(Port.UPSTREAM_PORT),
                        new AerCapability())
                .build());
    }

    /** A lower side of a PCI Express switch, with one slot; {@code slot} as for {@link #rootPort(int)}. */
    public static Bridge downstreamPort(int slot) {
        return of(bridge(TEXAS_INSTRUMENTS, 0x8233)
                .revision(1)
                .capabilities(
                        PowerManagementCapability.basic(),
                        ExpressCapability.of(Port.DOWNSTREAM_PORT).withSlot(Slot.hotPlug(slot)),
                        MsiCapability.of(1),
                        new AerCapability(),
                        new AcsCapability())
                .build());
    }

    /** A bridge from PCI Express to conventional PCI; 32 slots behind it. */
    public static Bridge expressToPci() {
        return of(bridge(RED_HAT, 0x000e)
                .interruptPin(1)
                .capabilities(PowerManagementCapability.basic(), ExpressCapability.of(Port.TO_PCI_BRIDGE))
                .build());
    }

    /** A PIIX3 ISA bridge: ISA has no configuration space, so nothing can be plugged in behind it. */
    public static Bridge isa() {
        return of(FunctionDescription.of(INTEL, 0x7000, CLASS_ISA_BRIDGE)
                .subsystem(0x1af4, 0x1100)
                .build());
    }
}
