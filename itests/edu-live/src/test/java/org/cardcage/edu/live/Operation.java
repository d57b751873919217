package org.cardcage.edu.live;

import java.util.List;
import java.util.stream.Collectors;

/** Something that is done to both cards in the same way. Its text is what reports print. */
sealed interface Operation {

    /** Where an access goes: physical memory space, or the card's configuration space. */
    enum Space {
        MEMORY,
        CONFIG
    }

    /** One access of 1, 2, 4 or 8 bytes; in configuration space of up to 4, aligned. */
    record Read(Space space, long address, int size) implements Operation {
        @Override
        public String toString() {
            return text("read", space, address, size);
        }
    }

    /** One access, as for {@link Read}. */
    record Write(Space space, long address, int size, long value) implements Operation {
        @Override
        public String toString() {
            return String.format("%s = 0x%x", text("write", space, address, size), value);
        }
    }

    /** Fills RAM, by the test and not by the card. */
    record Fill(long address, int length, int value) implements Operation {
        @Override
        public String toString() {
            return String.format("fill RAM 0x%x, 0x%x bytes, with 0x%02x", address, length, value);
        }
    }

    /** Reads RAM, by the test and not by the card. */
    record ReadBlock(long address, int length) implements Operation {
        @Override
        public String toString() {
            return String.format("read RAM 0x%x, 0x%x bytes", address, length);
        }
    }

    /** Reads all of configuration space, in pieces of 4 bytes. */
    record ReadAllConfig() implements Operation {
        @Override
        public String toString() {
            return "read all of configuration space";
        }
    }

    /** Lets virtual time pass. */
    record Step(long nanos) implements Operation {
        @Override
        public String toString() {
            return "step " + nanos + " ns";
        }
    }

    /** A reset of the whole machine. */
    record Reset() implements Operation {
        @Override
        public String toString() {
            return "reset";
        }
    }

    /**
     * Starts a factorial that takes a while, does other things meanwhile, and waits for its end. It counts only if the unit is
     * still computing after the last of them; QEMU's computes in real time, so the run is done again with a larger operand
     * otherwise.
     *
     * @param window where the card's registers are
     * @param meanwhile accesses to registers that neither move the window nor wait
     */
    record WhileComputing(long window, List<Operation> meanwhile) implements Operation {
        @Override
        public String toString() {
            return String.format("at 0x%x, while a factorial is computed: ", window)
                    + meanwhile.stream().map(Operation::toString).collect(Collectors.joining("; ", "{", "}"));
        }
    }

    private static String text(String verb, Space space, long address, int size) {
        return space == Space.CONFIG
                ? String.format("%s configuration 0x%02x, %d bytes", verb, address, size)
                : String.format("%s 0x%x, %d bytes", verb, address, size);
    }
}
