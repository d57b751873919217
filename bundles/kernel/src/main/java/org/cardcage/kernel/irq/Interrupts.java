package org.cardcage.kernel.irq;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.cardcage.kernel.Ida;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.VectorSet;

/**
 * The interrupt numbers of the kernel. Lines keep the number of the controller's input, messages get numbers from 24 up.
 *
 * <p>Threads: any; {@code this} guards the table.
 */
public final class Interrupts implements AutoCloseable {

    private static final int FIRST_MESSAGE = 24;
    private static final int NUMBER_WIDTH = 3;

    private final Kernel kernel;
    private final IrqDelivery delivery;
    private final SortedMap<Integer, Interrupt> table = new TreeMap<>();
    private final Ida messages = new Ida(FIRST_MESSAGE);

    public Interrupts(Kernel kernel) {
        this.kernel = kernel;
        this.delivery = new IrqDelivery(kernel.scheduler());
    }

    /**
     * A machine with so many CPUs is in use. Several machines share the CPUs of the same number.
     *
     * @param count at least 1
     */
    public synchronized void bringUp(int count) {
        delivery.bringUp(count);
    }

    /** An interrupt of its own for a message vector; its handlers run on the CPU that the machine sends it to. */
    public Interrupt addMessage(VectorSet set, int vector, IrqChip chip) {
        int cpu = set.cpu(vector);
        Interrupt interrupt;
        synchronized (this) {
            delivery.bringUp(cpu + 1);
            interrupt = new Interrupt(kernel, delivery, cpu, messages.allocate(), chip);
            interrupt.attach(set, vector);
            table.put(interrupt.number(), interrupt);
        }
        return connected(interrupt, set, vector);
    }

    /** The interrupt of a line, which other functions may share. */
    public Interrupt addLine(VectorSet set) {
        int number = set.hardwareNumber(0);
        int cpu = set.cpu(0);
        Interrupt interrupt;
        synchronized (this) {
            delivery.bringUp(cpu + 1);
            interrupt = table.computeIfAbsent(
                    number, n -> new Interrupt(kernel, delivery, cpu, n, new IrqChip("IO-APIC", n, "fasteoi")));
            interrupt.attach(set, 0);
        }
        return connected(interrupt, set, 0);
    }

    /** The machine is foreign code, so it is called without the lock. */
    private Interrupt connected(Interrupt interrupt, VectorSet set, int vector) {
        try {
            set.connect(vector, interrupt);
            return interrupt;
        } catch (RuntimeException e) {
            remove(interrupt, set);
            throw e;
        }
    }

    /** The threads that are inside handlers of this module. */
    public List<Thread> handling(KernelModule module) {
        List<Interrupt> all;
        synchronized (this) {
            all = new ArrayList<>(table.values());
        }
        return all.stream().flatMap(i -> i.handling(module).stream()).toList();
    }

    /**
     * The set is about to be closed. An interrupt that nothing is attached to any more disappears; of one that goes on, the
     * handlers of others may run, or hang.
     */
    public void remove(Interrupt interrupt, VectorSet set) {
        boolean last;
        synchronized (this) {
            last = interrupt.detach(set);
            if (last) {
                table.remove(interrupt.number());
                if (interrupt.number() >= FIRST_MESSAGE) {
                    messages.free(interrupt.number());
                }
            }
        }
        if (last) {
            interrupt.synchronise();
        }
    }

    /** The text of {@code /proc/interrupts} (Linux {@code show_interrupts}). */
    public synchronized String describe() {
        StringBuilder text = new StringBuilder(" ".repeat(NUMBER_WIDTH + 8));
        for (int cpu = 0; cpu < delivery.cpus(); cpu++) {
            text.append(String.format("CPU%-8d", cpu));
        }
        text.append('\n');
        for (Map.Entry<Integer, Interrupt> entry : table.entrySet()) {
            Interrupt interrupt = entry.getValue();
            IrqChip chip = interrupt.chip();
            text.append(String.format("%3d: ", entry.getKey()));
            for (int cpu = 0; cpu < delivery.cpus(); cpu++) {
                text.append(String.format("%10d ", cpu == interrupt.cpu() ? interrupt.count() : 0));
            }
            text.append(String.format(
                    " %8s %3d-%-8s  %s\n", chip.name(), chip.hardwareNumber(), chip.flow(), interrupt.names()));
        }
        return text.toString();
    }

    @Override
    public void close() {
        delivery.close();
    }
}
