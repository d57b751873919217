package org.cardcage.shell.internal.lspci;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cardcage.kernel.device.Driver;
import org.cardcage.kmod.Kmod;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciResource;
import org.cardcage.shell.internal.lspci.function.ConfigBytes;
import org.cardcage.shell.internal.lspci.function.Identity;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.Resources;
import org.cardcage.shell.internal.lspci.function.Resources.Region;
import org.cardcage.shell.internal.lspci.function.Resources.Window;
import org.cardcage.shell.internal.lspci.function.Slot;

/** Snapshots of the functions of the running machine, with what sysfs would tell of them. */
final class LiveFunctions {

    private static final int CARDBUS_HEADER = 128;
    private static final int STANDARD = 256;
    private static final int BARS = 6;
    private static final int ROM_ENABLED = 1;
    private static final int NONE = 0xffff;
    private static final long FOUR_GIGABYTES = 1L << 32;

    private final PciBus bus;
    private final Kmod kmod;

    LiveFunctions(PciBus bus, Kmod kmod) {
        this.bus = bus;
        this.kmod = kmod;
    }

    /**
     * All functions by address.
     *
     * @param privileged whether the caller may read more than the header
     * @param level bytes of each that are of use
     * @param modules whether the modules that know it are of use
     */
    List<PciFunction> read(boolean privileged, int level, boolean modules) {
        return bus.devices().stream()
                .map(d -> read(d, privileged, level, modules))
                .toList();
    }

    private static Slot slot(PciDevice d) {
        FunctionAddress at = d.address();
        return new Slot(at.domain(), at.bus(), at.device(), at.function());
    }

    /** One function; arguments as for all. */
    PciFunction read(PciDevice d, boolean privileged, int level, boolean modules) {
        int header = d.headerType() == 2 ? CARDBUS_HEADER : ConfigBytes.HEADER;
        ConfigBytes standard = bytes(d, STANDARD);
        int readable = privileged ? Math.max(header, Math.min(level, d.configSize())) : header;
        return new PciFunction(
                slot(d),
                identity(d, standard),
                readable <= STANDARD ? standard.first(readable) : bytes(d, readable),
                Optional.of(resources(d)),
                d.physicalSlot().stream().mapToObj(Integer::toString).findFirst(),
                d.driver().map(Driver::name),
                modules ? List.copyOf(kmod.modulesFor(d.modalias())) : List.of());
    }

    private static ConfigBytes bytes(PciDevice d, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i += 4) {
            int value = d.readConfig(i, 4);
            for (int j = 0; j < 4; j++) {
                bytes[i + j] = (byte) (value >> 8 * j);
            }
        }
        return new ConfigBytes(bytes);
    }

    /** What the kernel knows of a function that has gone, too; only the subsystem of a bridge stands nowhere but there. */
    private static Identity identity(PciDevice d, ConfigBytes config) {
        boolean plain = d.headerType() == 0;
        Identity now = Identity.of(config);
        return new Identity(
                d.vendor(),
                d.device(),
                d.classCode() >>> 8,
                d.classCode() & 0xff,
                d.revision(),
                plain ? d.subsystemVendor() : config.headerType() == d.headerType() ? now.subVendor() : NONE,
                plain ? d.subsystemDevice() : now.subDevice());
    }

    private static Resources resources(PciDevice d) {
        Region[] regions = new Region[BARS + 1];
        List<Window> windows = new ArrayList<>();
        for (PciResource r : d.decodes()) {
            if (!r.isWindow()) {
                regions[r.bar()] = region(r);
            }
        }
        if (d.headerType() == 1) {
            windows.add(window(d, PciResource.IO_WINDOW));
            windows.add(window(d, PciResource.MEMORY_WINDOW));
            windows.add(window(d, PciResource.PREFETCHABLE_WINDOW));
        }
        List<Region> bars = new ArrayList<>();
        for (int i = 0; i < BARS; i++) {
            bars.add(regions[i] == null ? Region.NONE : regions[i]);
        }
        Region rom = regions[PciResource.ROM] == null ? Region.NONE : regions[PciResource.ROM];
        return new Resources(d.irq(), bars, rom, windows);
    }

    private static Region region(PciResource r) {
        int flags =
                r.bar() == PciResource.ROM ? ROM_ENABLED : r.io() ? 1 : (r.wide() ? 4 : 0) | (r.prefetchable() ? 8 : 0);
        // pciutils takes a region of one byte for one of unknown size
        return new Region(r.start() == 0 ? 0 : r.start() | flags, r.length() == 1 ? 0 : r.length());
    }

    private static Window window(PciDevice d, int index) {
        Optional<PciResource> found = d.decodes().stream()
                .filter(r -> r.bar() == index && r.isAssigned())
                .findFirst();
        int narrow = index == PciResource.IO_WINDOW ? 16 : 32;
        return found.map(r -> new Window(r.start(), r.length(), r.start() + r.length() > FOUR_GIGABYTES ? 64 : narrow))
                .orElse(new Window(0, 0, narrow));
    }
}
