package org.cardcage.edu.device;

/**
 * What a CPU makes of a load or store that is not aligned, before the bus sees it. Sizes are 1, 2, 4 or 8 bytes; values are
 * zero-extended.
 */
enum GuestCpu {
    /** Leaves it to the bus: KVM, and the test protocol. */
    BUS {
        @Override
        long load(Bus bus, long address, int size) {
            return bus.read(address, size);
        }

        @Override
        void store(Bus bus, long address, int size, long value) {
            bus.write(address, size, value);
        }
    },

    /** Emulated, QEMU 7.2: loads both aligned neighbours whole and merges them; stores byte by byte. */
    TCG_7 {
        @Override
        long load(Bus bus, long address, int size) {
            int skipped = (int) (address & size - 1);
            if (skipped == 0) {
                return bus.read(address, size);
            }
            long first = bus.read(address - skipped, size) >>> Byte.SIZE * skipped;
            long second = bus.read(address - skipped + size, size) << Byte.SIZE * (size - skipped);
            return low(first | second, size);
        }

        @Override
        void store(Bus bus, long address, int size, long value) {
            boolean aligned = (address & size - 1) == 0;
            storePieces(bus, address, size, aligned ? size : 1, value);
        }
    },

    /** Emulated, QEMU 8 and later: equal pieces of the alignment of the first address. */
    TCG {
        @Override
        long load(Bus bus, long address, int size) {
            int piece = pieceOf(address, size);
            long result = 0;
            for (int done = 0; done < size; done += piece) {
                result |= bus.read(address + done, piece) << Byte.SIZE * done;
            }
            return result;
        }

        @Override
        void store(Bus bus, long address, int size, long value) {
            storePieces(bus, address, size, pieceOf(address, size), value);
        }

        private int pieceOf(long address, int size) {
            return (int) Long.lowestOneBit(address | size);
        }
    };

    /** Where accesses go. */
    interface Bus {
        long read(long address, int size);

        void write(long address, int size, long value);
    }

    abstract long load(Bus bus, long address, int size);

    abstract void store(Bus bus, long address, int size, long value);

    private static void storePieces(Bus bus, long address, int size, int piece, long value) {
        for (int done = 0; done < size; done += piece) {
            bus.write(address + done, piece, low(value >>> Byte.SIZE * done, piece));
        }
    }

    private static long low(long value, int size) {
        return value & -1L >>> Long.SIZE - Byte.SIZE * size;
    }
}
