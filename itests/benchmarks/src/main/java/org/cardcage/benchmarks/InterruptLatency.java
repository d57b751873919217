package org.cardcage.benchmarks;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.cardcage.device.Bar;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.FunctionPorts;
import org.cardcage.device.MsiCapability;
import org.cardcage.kernel.irq.IrqReturn;
import org.cardcage.machine.IoMemory;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** From a write to a raise register to the handler, and back to the thread that wrote: two hand-offs. */
@State(Scope.Benchmark)
public class InterruptLatency {

    private static final int RAISE = 0;

    private Rig rig;
    private IoMemory registers;
    private volatile Thread caller;
    private volatile boolean raised;

    @Setup
    public void load() {
        rig = new Rig(new Bell());
        rig.load(new BellDriver());
    }

    @TearDown
    public void unload() {
        rig.close();
    }

    /** Sends its message when it is written to. */
    private static final class Bell extends DeviceModel {
        private static final FunctionDescription DESCRIPTION = FunctionDescription.of(Cell.VENDOR, 0xb010, 0x00ff00)
                .bars(Bar.memory32(0, 4096, 4))
                .msi(new MsiCapability(0x40, 1, true))
                .build();

        private volatile FunctionPorts ports;

        @Override
        public FunctionDescription description() {
            return DESCRIPTION;
        }

        @Override
        public void powerOn(FunctionPorts p) {
            ports = p;
        }

        @Override
        public long read(int bar, long offset, int size) {
            return 0;
        }

        @Override
        public void write(int bar, long offset, int size, long value) {
            ports.signal(0);
        }

        @Override
        public void reset() {
            // has no state
        }

        @Override
        public void powerOff() {
            // starts nothing by itself
        }
    }

    private final class BellDriver implements PciDriver {
        @Override
        public List<PciDeviceId> idTable() {
            return List.of(PciDeviceId.of(Cell.VENDOR, 0xb010));
        }

        @Override
        public void probe(PciDevice dev, PciDeviceId id) {
            dev.enable();
            dev.setMaster();
            registers = dev.iomap(0, "bell");
            dev.requestIrq(dev.allocateVectors(1, 1, PciDevice.MSI), InterruptLatency.this::handle, "bell");
        }

        @Override
        public void remove(PciDevice dev) {
            // the core takes everything back
        }
    }

    private IrqReturn handle() {
        raised = false;
        LockSupport.unpark(caller);
        return IrqReturn.HANDLED;
    }

    void thereAndBack() {
        caller = Thread.currentThread();
        raised = true;
        registers.write32(RAISE, 1);
        while (raised) {
            LockSupport.park(this);
        }
    }
}
