package org.cardcage.pci.internal;

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

/** Gets interrupt vectors for one function from its machine. Threads: any. */
final class FunctionVectors {

    /** In the order in which they are tried, as on Linux. */
    private static final List<VectorKind> ORDER = List.of(VectorKind.MSIX, VectorKind.MSI, VectorKind.INTX);

    private final PciFunction function;
    private final Machine machine;
    private final Interrupts interrupts;

    FunctionVectors(PciFunction function, Machine machine) {
        this.function = function;
        this.machine = machine;
        this.interrupts = function.kernel().interrupts();
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
        function.resources()
                .manage(
                        Resources.Phase.INTERRUPTS,
                        set.kind() + " vectors",
                        set::close,
                        () -> disconnect(set, connected));
        return new IrqVectors(set.kind(), connected);
    }

    private void disconnect(VectorSet set, List<Interrupt> connected) {
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
