package org.cardcage.qemu.internal;

import org.cardcage.machine.FunctionAddress;

/** A way to configuration space. Threads: any. */
interface ConfigAccess {

    /** The two ports of a PC (PCI 3.0 section 3.2.2.3.2), which reach 256 bytes of each function of domain 0. */
    ConfigAccess PORTS = new ConfigAccess() {

        private static final int SELECT = 0xcf8;
        private static final int DATA = 0xcfc;
        private static final int ENABLE = 1 << 31;
        private static final int SIZE = 0x100;

        @Override
        public boolean reaches(FunctionAddress function, int offset) {
            return function.domain() == 0 && offset < SIZE;
        }

        private void select(Commands commands, FunctionAddress f, int offset) {
            commands.out(SELECT, 4, ENABLE | f.bus() << 16 | f.device() << 11 | f.function() << 8 | offset & 0xfc);
        }

        @Override
        public Reply read(Commands commands, FunctionAddress function, int offset, int size) {
            select(commands, function, offset);
            return commands.in(DATA + (offset & 3), size);
        }

        @Override
        public Reply write(Commands commands, FunctionAddress function, int offset, int size, int value) {
            select(commands, function, offset);
            return commands.out(DATA + (offset & 3), size, value);
        }
    };

    /** The memory of PCI Express (Base Specification section 7.2.2): 4096 bytes of each function of domain 0, one after the other. */
    static ConfigAccess memory(long base) {
        return new ConfigAccess() {

            @Override
            public boolean reaches(FunctionAddress function, int offset) {
                return function.domain() == 0;
            }

            private long at(FunctionAddress f, int offset) {
                return base + ((long) f.bus() << 20 | f.device() << 15 | f.function() << 12 | offset);
            }

            @Override
            public Reply read(Commands commands, FunctionAddress function, int offset, int size) {
                return commands.read(at(function, offset), size);
            }

            @Override
            public Reply write(Commands commands, FunctionAddress function, int offset, int size, int value) {
                return commands.write(at(function, offset), size, value & 0xffff_ffffL);
            }
        };
    }

    /** Whether there is a cycle for this at all; otherwise the function answers as absent. */
    boolean reaches(FunctionAddress function, int offset);

    /** Adds the commands of a read cycle; the reply that has the value. */
    Reply read(Commands commands, FunctionAddress function, int offset, int size);

    /** Adds the commands of a write cycle. */
    Reply write(Commands commands, FunctionAddress function, int offset, int size, int value);
}
