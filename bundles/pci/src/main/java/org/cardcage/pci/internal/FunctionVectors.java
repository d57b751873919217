package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Resources;
import org.cardcage.kernel.irq.Interrupt;
import org.cardcage.kernel.irq.Interrupts;
import org.cardcage.kernel.irq.IrqChip;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.cardcage.pci.IrqVectors;

/** Gets interrupt vectors for one function from its machine. Threads: any; what changes is volatile. */
final class FunctionVectors {

    /** In the order in which they are tried, as on Linux. */
    private static final List<VectorKind> ORDER = List.of(VectorKind.MSIX, VectorKind.MSI, VectorKind.INTX);

    private final PciFunction function;
    private final Machine machine;
    private final Interrupts interrupts;
    /** The number of its line, as firmware has said or as it has turned out; 0 if it has none. */
    private volatile int line;
    /** The interrupts of its MSI capability while that is on. */
    private volatile List<Interrupt> messages = List.of();

    FunctionVectors(PciFunction function, Machine machine) {
        this.function = function;
        this.machine = machine;
        this.interrupts = function.kernel().interrupts();
        boolean wired = function.readConfig(INTERRUPT_PIN, 1) != 0;
        line = wired ? function.readConfig(INTERRUPT_LINE, 1) : 0;
    }

    /** As {@link org.cardcage.pci.PciDevice#irq}. */
    int irq() {
        List<Interrupt> given = messages;
        return given.isEmpty() ? line : given.get(0).number();
    }

    IrqVectors allocate(int min, int max, Set<VectorKind> kinds) {
        if (min < 1 || max < min) {
            throw new KernelException(Errno.ERANGE, min + " to " + max + " interrupt vectors");
        }
        for (VectorKind kind : ORDER) {
            if (kinds.contains(kind) && (kind != VectorKind.INTX || min == 1)) {
                try {
                    return connect(machine.vectors(function.address(), kind, min, max));
                } catch (UnsupportedOperationException e) {
                    // the next kind is tried, as Linux does
                    continue;
                }
            }
        }
        throw new KernelException(
                Errno.ENOSPC, function.name() + " cannot give " + min + " interrupt vectors of the kinds " + kinds);
    }

    private IrqVectors connect(VectorSet set) {
        List<Interrupt> connected = new ArrayList<>();
        try {
            for (int vector = 0; vector < set.count(); vector++) {
                connected.add(
                        set.kind() == VectorKind.INTX
                                ? interrupts.addLine(set)
                                : interrupts.addMessage(set, vector, messageChip(vector)));
            }
        } catch (RuntimeException e) {
            disconnect(set, connected);
            throw e;
        }
        switch (set.kind()) {
            case INTX -> line = connected.get(0).number();
            case MSI -> messages = connected;
            default -> {
                // a table of its own: the number of the function remains that of its line, as on Linux
            }
        }
        function.resources()
                .manage(
                        Resources.Phase.INTERRUPTS,
                        set.kind() + " vectors",
                        set::close,
                        () -> disconnect(set, connected));
        return new IrqVectors(set.kind(), connected);
    }

    private void disconnect(VectorSet set, List<Interrupt> connected) {
        if (messages == connected) {
            messages = List.of();
        }
        set.close();
        connected.forEach(interrupt -> interrupts.remove(interrupt, set));
    }

    /** As Linux shows both kinds of messages; bus, device, function and vector make one number. */
    private IrqChip messageChip(int vector) {
        FunctionAddress at = function.address();
        long number = (long) at.bus() << 8 | at.device() << 3 | at.function();
        return new IrqChip("PCI-MSI", number << 11 | vector, "edge");
    }
}
