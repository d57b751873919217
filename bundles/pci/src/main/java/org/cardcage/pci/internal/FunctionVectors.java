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
import org.cardcage.kernel.irq.IrqHandler;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.cardcage.pci.IrqVectors;

/**
 * The interrupt vectors of one function and the handlers that its driver has for them.
 *
 * <p>Threads: any. {@code this} guards the fields; the machine is called without it.
 */
final class FunctionVectors {

    /** In the order in which they are tried, as on Linux. */
    private static final List<VectorKind> ORDER = List.of(VectorKind.MSIX, VectorKind.MSI, VectorKind.INTX);

    /** Vectors that the driver has, until the entry is released. */
    private static final class Held {
        final IrqVectors vectors;
        Resources.Entry entry;

        Held(IrqVectors vectors) {
            this.vectors = vectors;
        }
    }

    /** A handler of the driver; how often it has disabled the interrupt is taken back with it. */
    private static final class Handler {
        final Interrupt interrupt;
        final String name;
        Resources.Entry entry;
        int disabled;
        /** Whether it has been taken from a driver that has not left yet. */
        boolean revoked;

        Handler(Interrupt interrupt, String name) {
            this.interrupt = interrupt;
            this.name = name;
        }
    }

    private final PciFunction function;
    private final Machine machine;
    private final Interrupts interrupts;
    private final List<Handler> handlers = new ArrayList<>();
    private Held held;
    /** The number of its line, as firmware has said or as it has turned out; 0 if it has none. */
    private int line;
    /** Whether somebody is just getting vectors. */
    private boolean allocating;

    FunctionVectors(PciFunction function, Machine machine) {
        this.function = function;
        this.machine = machine;
        this.interrupts = function.kernel().interrupts();
        boolean wired = function.readConfig(INTERRUPT_PIN, 1) != 0;
        line = wired ? function.readConfig(INTERRUPT_LINE, 1) : 0;
    }

    /** As {@link org.cardcage.pci.PciDevice#irq}: a table of MSI-X is something of its own. */
    synchronized int irq() {
        return held != null && held.vectors.kind() == VectorKind.MSI ? held.vectors.number(0) : line;
    }

    IrqVectors allocate(int min, int max, Set<VectorKind> kinds) {
        if (min < 1 || max < min) {
            throw new KernelException(Errno.ERANGE, min + " to " + max + " interrupt vectors");
        }
        synchronized (this) {
            if (held != null || allocating) {
                throw new KernelException(
                        Errno.EINVAL, function.name() + " has interrupt vectors already; free them first");
            }
            allocating = true;
        }
        try {
            return connect(open(min, max, kinds));
        } finally {
            synchronized (this) {
                allocating = false;
            }
        }
    }

    private VectorSet open(int min, int max, Set<VectorKind> kinds) {
        for (VectorKind kind : ORDER) {
            if (kinds.contains(kind) && (kind != VectorKind.INTX || min == 1)) {
                try {
                    return machine.vectors(function.address(), kind, min, max);
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
        Held mine = new Held(new IrqVectors(set.kind(), connected));
        synchronized (this) {
            held = mine;
            line = set.kind() == VectorKind.INTX ? mine.vectors.number(0) : line;
        }
        Resources.Entry entry = function.resources()
                .manage(
                        Resources.Phase.INTERRUPTS,
                        set.kind() + " vectors",
                        set::close,
                        () -> disconnect(set, connected));
        synchronized (this) {
            mine.entry = entry;
        }
        return mine.vectors;
    }

    private void disconnect(VectorSet set, List<Interrupt> connected) {
        synchronized (this) {
            held = null;
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

    /** Gives the vectors back before the driver leaves; does nothing if there are none. */
    void free() {
        Resources.Entry mine;
        synchronized (this) {
            if (!handlers.isEmpty()) {
                Handler handler = handlers.get(0);
                throw new KernelException(
                        Errno.EBUSY,
                        "irq " + handler.interrupt.number() + " of " + function.name() + " still has the handler "
                                + handler.name + "; free it first");
            }
            mine = held == null ? null : held.entry;
        }
        if (mine != null) {
            mine.release();
        }
    }

    void request(IrqVectors vectors, int vector, IrqHandler handler, String name, KernelModule module) {
        Interrupt interrupt = interrupt(vectors, vector);
        Handler mine = new Handler(interrupt, name);
        synchronized (this) {
            handlers.add(mine);
        }
        Interrupt.Action action = interrupt.request(handler, name, module);
        Resources.Entry entry = function.resources()
                .manage(
                        Resources.Phase.INTERRUPTS,
                        "irq " + interrupt.number(),
                        () -> {
                            action.revoke();
                            revoke(mine);
                        },
                        () -> {
                            action.free();
                            forget(mine);
                        });
        synchronized (this) {
            mine.entry = entry;
        }
    }

    private Interrupt interrupt(IrqVectors vectors, int vector) {
        synchronized (this) {
            if (held == null || held.vectors != vectors) {
                throw new KernelException(Errno.EINVAL, function.name() + " does not have these interrupt vectors");
            }
        }
        if (vector < 0 || vector >= vectors.count()) {
            throw new KernelException(
                    Errno.EINVAL, function.name() + " has " + vectors.count() + " interrupt vectors and no " + vector);
        }
        return vectors.interrupts().get(vector);
    }

    private void forget(Handler handler) {
        synchronized (this) {
            handlers.remove(handler);
        }
        revoke(handler);
    }

    /** Who shares the line must not suffer from what the driver has not enabled again, forgetful or hung. */
    private void revoke(Handler handler) {
        int disabled;
        synchronized (this) {
            handler.revoked = true;
            disabled = handler.disabled;
            handler.disabled = 0;
        }
        for (int i = 0; i < disabled; i++) {
            handler.interrupt.enable();
        }
    }

    /** Takes the handlers of one vector away and waits for them. */
    void free(IrqVectors vectors, int vector) {
        Interrupt interrupt = interrupt(vectors, vector);
        List<Handler> mine;
        synchronized (this) {
            mine = handlers.stream()
                    .filter(handler -> handler.interrupt == interrupt && handler.entry != null)
                    .toList();
        }
        mine.forEach(handler -> handler.entry.release());
    }

    void disable(IrqVectors vectors, int vector) {
        Interrupt interrupt = interrupt(vectors, vector);
        Handler handler;
        synchronized (this) {
            handler = handlerOf(interrupt);
        }
        interrupt.disableWithoutWaiting();
        boolean late;
        synchronized (this) {
            late = handler.revoked;
            handler.disabled += late ? 0 : 1;
        }
        if (late) {
            interrupt.enable(); // whoever has revoked it has not seen this call
        } else {
            interrupt.synchronise();
        }
    }

    void enable(IrqVectors vectors, int vector) {
        Interrupt interrupt = interrupt(vectors, vector);
        boolean balanced;
        synchronized (this) {
            Handler handler = handlerOf(interrupt);
            balanced = handler.disabled > 0;
            handler.disabled -= balanced ? 1 : 0;
        }
        if (balanced) {
            interrupt.enable();
        } else {
            // others may share the line and have disabled it
            function.log().warn("Unbalanced enable for IRQ {}", interrupt.number());
        }
    }

    private Handler handlerOf(Interrupt interrupt) {
        return handlers.stream()
                .filter(handler -> handler.interrupt == interrupt && !handler.revoked)
                .findFirst()
                .orElseThrow(() -> new KernelException(
                        Errno.EINVAL, "irq " + interrupt.number() + " has no handler of " + function.name()));
    }
}
