package org.cardcage.properties;

import org.cardcage.machine.DmaSpace;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Machine;
import org.cardcage.machine.MachineDescription;
import org.cardcage.machine.MachineListener;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/** A board that counts configuration cycles, so that what would never end fails, and that loses a card on the way. */
final class WatchedMachine implements Machine {

    private static final int ALL_ONES_16 = 0xffff;

    private final Topology topology;
    private final long most;
    private final long loseAt;
    private long cycles;
    private long answers;

    /**
     * @param most configuration cycles that are allowed
     * @param loseAt the function that gives this answer, counted from 1, vanishes before it; 0 for none
     */
    WatchedMachine(Topology topology, long most, long loseAt) {
        this.topology = topology;
        this.most = most;
        this.loseAt = loseAt;
    }

    private void count() {
        if (++cycles > most) {
            throw new AssertionError("more than " + most + " configuration cycles: this does not seem to end");
        }
    }

    @Override
    public int readConfig(FunctionAddress function, int offset, int size) {
        count();
        boolean answered = topology.board.readConfig(function, 0, 2) != ALL_ONES_16;
        if (answered && ++answers == loseAt) {
            topology.pull(function);
        }
        return topology.board.readConfig(function, offset, size);
    }

    @Override
    public void writeConfig(FunctionAddress function, int offset, int size, int value) {
        count();
        topology.board.writeConfig(function, offset, size, value);
    }

    @Override
    public MachineDescription description() {
        return topology.board.description();
    }

    @Override
    public IoMemory map(long physical, long length) {
        return topology.board.map(physical, length);
    }

    @Override
    public IoMemory mapPorts(int port, int length) {
        return topology.board.mapPorts(port, length);
    }

    @Override
    public DmaSpace dma(FunctionAddress function) {
        return topology.board.dma(function);
    }

    @Override
    public VectorSet vectors(FunctionAddress function, VectorKind kind, int min, int max) {
        return topology.board.vectors(function, kind, min, max);
    }

    @Override
    public Scheduler scheduler() {
        return topology.board.scheduler();
    }

    @Override
    public void addListener(MachineListener listener) {
        topology.board.addListener(listener);
    }

    @Override
    public void removeListener(MachineListener listener) {
        topology.board.removeListener(listener);
    }
}
