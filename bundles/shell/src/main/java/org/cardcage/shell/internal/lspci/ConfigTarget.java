package org.cardcage.shell.internal.lspci;

import java.util.List;
import java.util.Optional;
import org.cardcage.pci.PciDevice;
import org.cardcage.shell.internal.lspci.SetpciRegisters.Base;
import org.cardcage.shell.internal.lspci.function.CapabilityList;
import org.cardcage.shell.internal.lspci.function.PciFunction;

/** A configuration space that {@code setpci} may change. */
interface ConfigTarget {

    /** What it is. */
    PciFunction function();

    /**
     * Reads a register.
     *
     * @param offset 0 to 4095, a multiple of the width
     * @param width 1, 2 or 4 bytes
     * @return the value, zero-extended; all ones if there is none
     */
    long read(int offset, int width);

    /**
     * Writes a register; arguments as for {@link #read}.
     *
     * @throws IllegalArgumentException if it cannot be written
     */
    void write(int offset, int width, long value);

    /** What pciutils says instead of writing, if the user may not. */
    default Optional<String> refusal() {
        return Optional.empty();
    }

    /** Offsets of the capabilities with this id, in the order of their list. */
    default List<Integer> capabilities(Base base, int id) {
        List<CapabilityList.Entry> list = base == Base.CAPABILITY
                ? CapabilityList.plain(function().config())
                : CapabilityList.extended(function().config());
        return list.stream()
                .filter(e -> e.id() == id)
                .map(CapabilityList.Entry::offset)
                .toList();
    }

    /** A function of a dump. */
    record InDump(PciFunction function) implements ConfigTarget {

        @Override
        public long read(int offset, int width) {
            return switch (width) {
                case 1 -> function.config().u8(offset);
                case 2 -> function.config().u16(offset);
                default -> function.config().u32(offset);
            };
        }

        @Override
        public void write(int offset, int width, long value) {
            throw new IllegalArgumentException("Writing to dump files is not supported.");
        }
    }

    /**
     * A function of the machine.
     *
     * @param function how it looked when the command began
     * @param privileged whether the user may read all of it, and write
     */
    record Live(PciFunction function, PciDevice device, boolean privileged) implements ConfigTarget {

        @Override
        public long read(int offset, int width) {
            int readable = privileged ? device.configSize() : function.config().length();
            return offset + width > readable
                    ? (1L << 8 * width) - 1
                    : device.readConfig(offset, width) & (1L << 8 * width) - 1;
        }

        @Override
        public Optional<String> refusal() {
            return privileged
                    ? Optional.empty()
                    : Optional.of("pcilib: Cannot open /sys/bus/pci/devices/" + device.address() + "/config");
        }

        @Override
        public void write(int offset, int width, long value) {
            if (offset + width <= device.configSize()) {
                device.writeConfig(offset, width, (int) value);
            }
        }
    }
}
