package org.cardcage.edu.device;

import org.cardcage.board.Board;
import org.cardcage.machine.IoMemory;

/** Accesses to physical addresses of a board. For one thread. */
final class PhysicalBus implements GuestCpu.Bus {

    private static final long PAGE = 0x10_0000;

    private final Board board;
    /** What was used last: most accesses go to the same place. */
    private IoMemory mapping;

    PhysicalBus(Board board) {
        this.board = board;
        mapping = board.map(0, PAGE);
    }

    private IoMemory covering(long address, int size) {
        long offset = address - mapping.address();
        if (offset < 0 || offset > mapping.length() - size) {
            mapping.revoke(IllegalStateException::new);
            long page = address & -PAGE;
            mapping = board.map(page, Math.max(PAGE, address + size - page));
        }
        return mapping;
    }

    @Override
    public long read(long address, int size) {
        IoMemory memory = covering(address, size);
        return memory.read(address - memory.address(), size);
    }

    @Override
    public void write(long address, int size, long value) {
        IoMemory memory = covering(address, size);
        memory.write(address - memory.address(), size, value);
    }
}
