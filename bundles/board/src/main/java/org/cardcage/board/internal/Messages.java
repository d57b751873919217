package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cardcage.board.internal.MsixTable.Entry;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.MsixCapability;
import org.cardcage.device.PowerState;

/**
 * The part of a function that sends its messages (PCI 3.0 section 6.8): a vector that is masked waits as a pending bit and
 * goes out when it is unmasked and the function is bus master; one that is not masked goes out at once or is lost. A
 * vector that software takes away by a lower number of messages is pending no more. A loss is explained once for each
 * vector and cause, and again when MSI or MSI-X has been switched off or on since.
 *
 * <p>Threads: any. {@code lock} guards the pending bits, changes of the table, and what was explained; no call leaves this
 * class while it is held. {@code state} is written under the lock of the {@link Fabric}, inside which {@code lock} may be
 * taken. A vector that is not masked is sent without a lock.
 */
final class Messages {

    /** The way to the bus. */
    interface Port {
        /** Writes 4 bytes as bus master; whether somebody took them. */
        boolean write(long address, int data);

        /** Why nobody takes a write, for people. */
        String obstacle(long address);

        /** Tells people. */
        void report(String message);
    }

    /** Where messages of a function without power go. */
    private static final Port NOWHERE = new Port() {
        @Override
        public boolean write(long address, int data) {
            return true;
        }

        @Override
        public String obstacle(long address) {
            return "the function has no power";
        }

        @Override
        public void report(String message) {
            // it is not there
        }
    };

    private record Message(String kind, int vector, long address, int data) {}

    private record Loss(int vector, String cause) {}

    private final Object lock = new Object();
    private final Set<Loss> explained = new HashSet<>();
    private final MsixTable table;
    private int pendingMsi;
    private volatile MessageState state = MessageState.OFF;
    private volatile Port port = NOWHERE;

    Messages(FunctionDescription description) {
        table = description
                .capability(MsixCapability.class)
                .map(c -> new MsixTable(c.vectors()))
                .orElse(null);
    }

    /** Before the first message: how they leave. */
    void connect(Port way) {
        port = way;
    }

    /** From now on nothing is sent, and nothing explained. */
    void cut() {
        port = NOWHERE;
    }

    /** With the fabric's lock held, after a change of configuration space; {@link #flush} follows without it. */
    void publish(MessageState fresh) {
        MessageState before = state;
        state = fresh;
        boolean switched = before.msi() != fresh.msi() || before.msix() != fresh.msix();
        boolean fewer = fresh.count() < before.count();
        if (switched || fewer) {
            synchronized (lock) {
                if (switched) {
                    explained.clear();
                }
                pendingMsi &= (int) ((1L << Math.min(fresh.count(), Integer.SIZE)) - 1);
            }
        }
    }

    boolean enabled() {
        return state.enabled();
    }

    /** A reset: nothing is enabled or pending, all entries of the table are masked. With the fabric's lock held. */
    void reset() {
        state = MessageState.OFF;
        synchronized (lock) {
            explained.clear();
            pendingMsi = 0;
            if (table != null) {
                table.reset();
            }
        }
    }

    /** The model signals a vector. */
    void signal(int vector) {
        MessageState s = state;
        if (isHeld(s, vector)) {
            synchronized (lock) {
                s = state;
                if (isHeld(s, vector)) {
                    setPending(s, vector);
                    return;
                }
            }
        }
        String cause = obstacle(s, vector);
        if (cause == null) {
            send(message(s, vector));
        } else {
            explain(s.enabled() ? s.kind() : "interrupt", vector, cause);
        }
    }

    /** Whether the vector waits for nothing but being unmasked and the bus. */
    private boolean isHeld(MessageState s, int vector) {
        return canInterrupt(s, vector) && masked(s, vector);
    }

    private boolean canInterrupt(MessageState s, int vector) {
        return s.enabled() && s.power() == PowerState.D0 && (!s.msix() || vector < table.size());
    }

    /** Why a vector that is not masked cannot be sent, or null if it can. */
    private String obstacle(MessageState s, int vector) {
        if (!s.enabled()) {
            return (table == null ? "MSI is" : "MSI-X is") + " not enabled";
        }
        if (s.power() != PowerState.D0) {
            return "the function is in " + s.power();
        }
        if (!canInterrupt(s, vector)) {
            return "the table has " + table.size() + " vectors only";
        }
        return s.master() ? null : "bus master is off (bit 2 of the command register)";
    }

    private boolean masked(MessageState s, int vector) {
        return s.msix() ? s.allMasked() || table.entry(vector).masked() : s.msiMasked(s.msiVector(vector));
    }

    private void setPending(MessageState s, int vector) {
        if (s.msix()) {
            table.pending().set(vector);
        } else {
            pendingMsi |= 1 << s.msiVector(vector);
        }
    }

    private Message message(MessageState s, int vector) {
        if (s.msix()) {
            Entry entry = table.entry(vector);
            return new Message(s.kind(), vector, entry.address(), entry.data());
        }
        int own = s.msiVector(vector);
        return new Message(s.kind(), own, s.address(), s.msiData(own));
    }

    private void send(Message m) {
        Port way = port;
        if (!way.write(m.address(), m.data())) {
            explain(m.kind(), m.vector(), way.obstacle(m.address()));
        }
    }

    private void explain(String kind, int vector, String cause) {
        boolean fresh;
        synchronized (lock) {
            fresh = explained.add(new Loss(vector, cause));
        }
        if (fresh) {
            port.report(kind + " vector " + vector + " lost: " + cause);
        }
    }

    /** Without a lock: sends what was pending and is held back no longer. */
    void flush() {
        List<Message> free = new ArrayList<>();
        synchronized (lock) { // not to be skipped: who is about to note a pending bit under it has seen the old state
            MessageState s = state;
            boolean waiting =
                    pendingMsi != 0 || table != null && !table.pending().isEmpty();
            if (!waiting || !s.enabled() || !s.master() || s.power() != PowerState.D0) {
                return;
            }
            int last = s.msix() ? table.size() : s.count();
            for (int vector = 0; vector < last; vector++) {
                if (pending(s, vector) && !masked(s, vector)) {
                    clearPending(s, vector);
                    free.add(message(s, vector));
                }
            }
        }
        free.forEach(this::send);
    }

    private boolean pending(MessageState s, int vector) {
        return s.msix() ? table.pending().get(vector) : (pendingMsi >>> vector & 1) != 0;
    }

    private void clearPending(MessageState s, int vector) {
        if (s.msix()) {
            table.pending().clear(vector);
        } else {
            pendingMsi &= ~(1 << vector);
        }
    }

    /** The MSI vectors that wait for being unmasked, vector 0 in bit 0. */
    int pendingMsi() {
        synchronized (lock) {
            return pendingMsi;
        }
    }

    /** Any bytes of the MSI-X table that lie in one half of an entry. */
    long readTable(int offset, int size) {
        return table.read(offset, size);
    }

    /** A write to the MSI-X table, as for {@link #readTable}; what it sets free has been sent on return. */
    void writeTable(int offset, int size, long value) {
        synchronized (lock) {
            table.write(offset, size, value);
        }
        flush();
    }

    /** Any bytes of the MSI-X pending bits that lie in 8 aligned bytes. */
    long readPending(int offset, int size) {
        synchronized (lock) {
            return table.readPending(offset, size);
        }
    }
}
