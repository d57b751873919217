package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.DmaMemory;
import org.cardcage.machine.DmaSpace;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Machine;
import org.cardcage.machine.MachineDescription;
import org.cardcage.machine.MachineDescription.HostBridge;
import org.cardcage.machine.MachineListener;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/** A machine whose functions are nothing but the configuration bytes that a test gives them. */
final class ScriptedMachine implements Machine {

    private final Scheduler scheduler;
    private final List<HostBridge> hosts = new ArrayList<>();
    private final Map<FunctionAddress, ScriptedFunction> functions = new TreeMap<>();
    private final List<MachineListener> listeners = new ArrayList<>();
    private int reads;

    ScriptedMachine(Scheduler scheduler) {
        this.scheduler = scheduler;
        host(0, 0, 0xff, 0xc000_0000L);
    }

    /** Another root bus; its memory window is 256 MiB. */
    void host(int domain, int first, int last, long memory) {
        hosts.add(new HostBridge(
                domain,
                first,
                last,
                List.of(new AddressRange(memory, 0x1000_0000)),
                List.of(new AddressRange(0x1000L * (hosts.size() + 1), 0x1000))));
    }

    /** An empty configuration space at this place, with ids. */
    ScriptedFunction add(String address, int vendor, int device) {
        ScriptedFunction function = new ScriptedFunction().set(0, 2, vendor).set(2, 2, device);
        functions.put(FunctionAddress.parse(address), function);
        return function;
    }

    ScriptedFunction bridge(String address, int primary, int secondary, int subordinate) {
        return add(address, 0x1b36, 1)
                .set(0x0a, 2, 0x0604)
                .set(0x0e, 1, 1)
                .writable(0x18, 0xffffff)
                .set(0x18, 1, primary)
                .set(0x19, 1, secondary)
                .set(0x1a, 1, subordinate)
                .set(0x20, 4, 0x0000_fff0); // closed
    }

    /** Configuration reads so far, those of empty slots included. */
    int reads() {
        return reads;
    }

    void plug(String address) {
        listeners.forEach(l -> l.plugged(FunctionAddress.parse(address)));
    }

    void moveWindows(String bridge) {
        listeners.forEach(l -> l.windowsMoved(FunctionAddress.parse(bridge)));
    }

    void pull(String address) {
        functions.remove(FunctionAddress.parse(address));
        listeners.forEach(l -> l.gone(FunctionAddress.parse(address)));
    }

    @Override
    public MachineDescription description() {
        return new MachineDescription("scripted", hosts, List.of(new AddressRange(0, 0x10_0000)), 1, true);
    }

    @Override
    public int readConfig(FunctionAddress function, int offset, int size) {
        reads++;
        ScriptedFunction there = functions.get(function);
        return there == null ? PciConfig.allOnes(size) : there.read(offset, size);
    }

    @Override
    public void writeConfig(FunctionAddress function, int offset, int size, int value) {
        ScriptedFunction there = functions.get(function);
        if (there != null) {
            there.write(offset, size, value);
        }
    }

    @Override
    public IoMemory map(long physical, long length) {
        return new Memory(physical, length);
    }

    @Override
    public IoMemory mapPorts(int port, int length) {
        return new Memory(port, length);
    }

    @Override
    public DmaSpace dma(FunctionAddress function) {
        return new DmaSpace() {
            @Override
            public boolean supports(long mask) {
                return true;
            }

            @Override
            public DmaMemory allocate(long size, long mask, long alignment) {
                throw new UnsupportedOperationException("no memory here");
            }
        };
    }

    @Override
    public VectorSet vectors(FunctionAddress function, VectorKind kind, int min, int max) {
        throw new UnsupportedOperationException("no interrupts here");
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public void addListener(MachineListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeListener(MachineListener listener) {
        listeners.remove(listener);
    }

    /** Configuration space of 4 KiB whose bits are fixed unless said otherwise. */
    static final class ScriptedFunction {
        private final byte[] bytes = new byte[4096];
        private final byte[] writable = new byte[4096];
        private int answers = Integer.MAX_VALUE;
        int reads;

        private ScriptedFunction() {
            writable(4, 0x0547);
        }

        ScriptedFunction set(int offset, int size, int value) {
            for (int i = 0; i < size; i++) {
                bytes[offset + i] = (byte) (value >>> 8 * i);
            }
            return this;
        }

        ScriptedFunction writable(int offset, int mask) {
            for (int i = 0; i < 4; i++) {
                writable[offset + i] = (byte) (mask >>> 8 * i);
            }
            return this;
        }

        /** A memory BAR; {@code flags} are the lowest four bits. */
        ScriptedFunction bar(int bar, long start, int size, int flags) {
            return set(0x10 + 4 * bar, 4, (int) start | flags).writable(0x10 + 4 * bar, -size);
        }

        /** It takes part in this many more reads and is gone then. */
        ScriptedFunction vanishAfter(int count) {
            answers = count;
            return this;
        }

        ScriptedFunction garbage(int value) {
            Arrays.fill(bytes, (byte) value);
            return this;
        }

        int read(int offset, int size) {
            reads++;
            if (--answers < 0) {
                answers = 0;
                return PciConfig.allOnes(size);
            }
            return peek(offset, size);
        }

        int peek(int offset, int size) {
            int value = 0;
            for (int i = 0; i < size; i++) {
                value |= (bytes[offset + i] & 0xff) << 8 * i;
            }
            return value;
        }

        void write(int offset, int size, int value) {
            for (int i = 0; i < size; i++) {
                int at = offset + i;
                bytes[at] = (byte) (bytes[at] & ~writable[at] | (value >>> 8 * i) & writable[at]);
            }
        }
    }

    /** Where nothing answers. */
    private static final class Memory extends IoMemory {
        private final long address;
        private final long length;
        private Supplier<? extends RuntimeException> revoked;

        Memory(long address, long length) {
            this.address = address;
            this.length = length;
        }

        @Override
        public long address() {
            return address;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public long read(long offset, int size) {
            if (revoked != null) {
                throw revoked.get();
            }
            return -1L >>> 64 - 8 * size;
        }

        @Override
        public void write(long offset, int size, long value) {
            if (revoked != null) {
                throw revoked.get();
            }
        }

        @Override
        public void disconnect() {
            // nothing has ever answered
        }

        @Override
        public void revoke(Supplier<? extends RuntimeException> reason) {
            revoked = reason;
        }
    }
}
