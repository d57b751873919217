package org.cardcage.pci.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cardcage.kernel.CNumber;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.kobject.Attribute;
import org.cardcage.kernel.kobject.AttributeGroup;
import org.cardcage.kernel.kobject.BinaryAttribute;
import org.cardcage.kernel.kobject.TextAttribute;
import org.cardcage.machine.IoMemory;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciResource;

/**
 * What a function shows in its directory below {@code /sys/devices} and takes there (Linux {@code drivers/pci/pci-sysfs.c}).
 *
 * <p>Threads: those of readers and writers.
 */
final class FunctionAttributes {

    /** Resources before the windows of a bridge, among them those of virtual functions, which there are none of. */
    private static final int BRIDGE_RESOURCES = 13;

    private static final int WITH_WINDOWS = 17;
    private static final int OVERRIDE_LIMIT = 4096;

    private final PciBus bus;
    private final AttributeGroup<PciFunction> group;

    FunctionAttributes(PciBus bus) {
        this.bus = bus;
        List<Attribute<PciFunction>> all = new ArrayList<>(identity());
        all.addAll(state());
        all.addAll(commands());
        all.add(new BinaryAttribute<PciFunction>(
                "config", 0644, PciFunction::configSize, f -> true, new ConfigContent()));
        for (int bar = 0; bar < PciResource.ROM; bar++) {
            all.add(resource(bar));
        }
        group = new AttributeGroup<>(all);
    }

    AttributeGroup<PciFunction> group() {
        return group;
    }

    private static List<Attribute<PciFunction>> identity() {
        return List.of(
                TextAttribute.readOnly("vendor", f -> hex(f.vendor(), 4)),
                TextAttribute.readOnly("device", f -> hex(f.device(), 4)),
                TextAttribute.readOnly("subsystem_vendor", f -> hex(f.subsystemVendor(), 4)),
                TextAttribute.readOnly("subsystem_device", f -> hex(f.subsystemDevice(), 4)),
                TextAttribute.readOnly("class", f -> hex(f.classCode(), 6)),
                TextAttribute.readOnly("revision", f -> hex(f.revision(), 2)),
                TextAttribute.readOnly("modalias", f -> f.modalias() + "\n"));
    }

    private List<Attribute<PciFunction>> state() {
        return List.of(
                TextAttribute.readOnly("irq", f -> f.irq() + "\n"),
                TextAttribute.readOnly("resource", FunctionAttributes::resources),
                TextAttribute.readOnly("power_state", f -> f.powerState() + "\n"),
                TextAttribute.readOnly("dma_mask_bits", FunctionAttributes::dmaBits),
                TextAttribute.readOnly("consistent_dma_mask_bits", FunctionAttributes::dmaBits),
                TextAttribute.readOnly("ari_enabled", f -> "0\n"),
                TextAttribute.readOnly("numa_node", f -> "-1\n"),
                TextAttribute.readWrite(
                        "driver_override",
                        f -> f.driverOverride().orElse("(null)") + "\n",
                        (f, text, cancel) -> override(f, text)),
                TextAttribute.readWrite("enable", f -> f.enableCount() + "\n", (f, text, cancel) -> enable(f, text)));
    }

    private List<Attribute<PciFunction>> commands() {
        return List.of(
                TextAttribute.<PciFunction>writeOnly("remove", (f, text, cancel) -> {
                            if (isSet(text)) {
                                bus.remove(f);
                            }
                        })
                        .withMode(0220),
                TextAttribute.writeOnly("rescan", (f, text, cancel) -> rescan(text, cancel)),
                TextAttribute.<PciFunction>writeOnly("reset", (f, text, cancel) -> reset(f, text))
                        .visibleIf(f -> !f.resetMethods().isEmpty()),
                TextAttribute.<PciFunction>readOnly("reset_method", f -> String.join(" ", f.resetMethods()) + "\n")
                        .visibleIf(f -> !f.resetMethods().isEmpty()));
    }

    /** The number that a file which triggers something takes. */
    static boolean isSet(String text) {
        return CNumber.parse(text) != 0;
    }

    void rescan(String text, CancelToken cancel) {
        if (isSet(text)) {
            bus.rescan(cancel);
        }
    }

    private static void reset(PciFunction function, String text) {
        if (CNumber.parse(text) != 1) {
            throw new KernelException(Errno.EINVAL, "only 1 resets " + function.name());
        }
        function.reset();
    }

    private static void override(PciFunction function, String text) {
        if (text.length() >= OVERRIDE_LIMIT - 1) {
            throw new KernelException(Errno.EINVAL, "a driver name of " + text.length() + " characters");
        }
        int end = text.indexOf('\n');
        function.setDriverOverride(end < 0 ? text : text.substring(0, end));
    }

    private static void enable(PciFunction function, String text) {
        boolean on = isSet(text);
        if (function.driver().isPresent()) {
            throw new KernelException(Errno.EBUSY, function.name() + " has a driver, which enables it");
        }
        if (on) {
            function.enable();
        } else if (function.enableCount() > 0) {
            function.disable();
        } else {
            throw new KernelException(Errno.EIO, function.name() + " is not enabled");
        }
    }

    private static String hex(int value, int digits) {
        return String.format("0x%0" + digits + "x\n", value);
    }

    private static String dmaBits(PciFunction function) {
        return Long.SIZE - Long.numberOfLeadingZeros(function.dma().mask()) + "\n";
    }

    private static String resources(PciFunction function) {
        int lines = function.isBridge() ? WITH_WINDOWS : BRIDGE_RESOURCES;
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < lines; line++) {
            text.append(at(function, line)
                    .map(FunctionAttributes::line)
                    .orElseGet(() -> String.format("0x%016x 0x%016x 0x%016x\n", 0, 0, 0)));
        }
        return text.toString();
    }

    private static Optional<PciResource> at(PciFunction function, int line) {
        int index = line < BRIDGE_RESOURCES ? line : line - BRIDGE_RESOURCES + PciResource.IO_WINDOW;
        boolean virtual = line > PciResource.ROM && line < BRIDGE_RESOURCES;
        return virtual
                ? Optional.empty()
                : function.decodes().stream().filter(r -> r.bar() == index).findFirst();
    }

    private static String line(PciResource resource) {
        long end = resource.start() + resource.length() - 1;
        return String.format("0x%016x 0x%016x 0x%016x\n", resource.start(), end, ResourceFlags.of(resource));
    }

    private static BinaryAttribute<PciFunction> resource(int bar) {
        return new BinaryAttribute<>(
                "resource" + bar,
                0600,
                function -> find(function, bar).map(PciResource::length).orElse(0L),
                function -> find(function, bar).isPresent(),
                new ResourceContent(bar));
    }

    private static Optional<PciResource> find(PciFunction function, int bar) {
        return function.decodes().stream().filter(r -> r.bar() == bar).findFirst();
    }

    /** The configuration space; accesses are cut into aligned ones as Linux does. */
    private static final class ConfigContent implements BinaryAttribute.Content<PciFunction> {

        @Override
        public int read(PciFunction function, ByteBuffer to, long position) {
            int start = to.position();
            for (int at = (int) position; to.hasRemaining(); ) {
                int size = size(at, to.remaining());
                int value = function.readConfig(at, size);
                for (int i = 0; i < size; i++) {
                    to.put((byte) (value >>> 8 * i));
                }
                at += size;
            }
            return to.position() - start;
        }

        @Override
        public int write(PciFunction function, ByteBuffer from, long position) {
            int start = from.position();
            for (int at = (int) position; from.hasRemaining(); ) {
                int size = size(at, from.remaining());
                int value = 0;
                for (int i = 0; i < size; i++) {
                    value |= (from.get() & 0xff) << 8 * i;
                }
                function.writeConfig(at, size, value);
                at += size;
            }
            return from.position() - start;
        }

        private static int size(int at, int remaining) {
            if ((at & 1) != 0 || remaining < 2) {
                return 1;
            }
            return (at & 2) != 0 || remaining < 4 ? 2 : 4;
        }
    }

    /** The addresses behind a BAR: memory is mapped, ports are read and written. */
    private record ResourceContent(int bar) implements BinaryAttribute.Content<PciFunction> {

        private PciResource of(PciFunction function) {
            return find(function, bar)
                    .filter(PciResource::isAssigned)
                    .orElseThrow(() -> new KernelException(Errno.ENODEV, "BAR " + bar + " has no addresses"));
        }

        private IoMemory ports(PciFunction function, int size) {
            PciResource resource = of(function);
            if (!resource.io()) {
                throw new KernelException(Errno.EIO, "BAR " + bar + " is memory, which is mapped");
            }
            if (size != 1 && size != 2 && size != 4) {
                throw new KernelException(Errno.EINVAL, "a port access of " + size + " bytes");
            }
            return function.mapForUser(resource);
        }

        @Override
        public int read(PciFunction function, ByteBuffer to, long position) {
            int size = to.remaining();
            long value = ports(function, size).read(position, size);
            for (int i = 0; i < size; i++) {
                to.put((byte) (value >>> 8 * i));
            }
            return size;
        }

        @Override
        public int write(PciFunction function, ByteBuffer from, long position) {
            int size = from.remaining();
            IoMemory ports = ports(function, size);
            long value = 0;
            for (int i = 0; i < size; i++) {
                value |= (from.get() & 0xffL) << 8 * i;
            }
            ports.write(position, size, value);
            return size;
        }

        @Override
        public IoMemory map(PciFunction function) {
            PciResource resource = of(function);
            if (resource.io()) {
                throw new KernelException(Errno.EINVAL, "BAR " + bar + " is ports, which are not mapped");
            }
            return function.mapForUser(resource);
        }
    }
}
