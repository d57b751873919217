package org.cardcage.edu.live;

import java.util.ArrayList;
import java.util.List;

/** Does operations on our card and notes what it has shown. For one thread. */
final class Plan implements AutoCloseable {

    static final String SILENCE = String.format("%02x", Places.DOORBELL_FILL).repeat((int) Places.DOORBELL.length());

    private final ModelSide model;
    private final Guard guard;
    private final int operand;
    private final List<Planned> done = new ArrayList<>();

    /**
     * @param now what time it is in QEMU, in nanoseconds
     * @param operand of factorials that take a while
     */
    Plan(long dmaMask, long now, int operand) {
        model = new ModelSide(dmaMask, now);
        guard = new Guard(model, dmaMask);
        this.operand = operand;
        model.perform(PowerOn.SILENT_DOORBELL, 0);
    }

    List<Planned> done() {
        return done;
    }

    /** Does an operation, or what the guard makes of it. */
    void add(Operation operation) {
        guard.admit(operation).forEach(admitted -> perform(admitted, null));
    }

    /** Does an operation whose answer is known. */
    void add(PowerOn.Known known) {
        perform(known.operation(), known.answer());
    }

    private void perform(Operation operation, String known) {
        boolean pin = model.pin();
        int rises = model.rises();
        String answer = model.perform(operation, operand);
        Long window = computing(operation);
        if (window != null) {
            model.settle();
        }
        String doorbell = model.block(Places.DOORBELL.start(), (int) Places.DOORBELL.length());
        Evidence evidence = window == null ? null : evidence(window, doorbell);
        boolean rung = !doorbell.equals(SILENCE);
        if (rung) {
            model.perform(PowerOn.SILENT_DOORBELL, 0);
        }
        String changes = changes(operation, pin, model.pin(), model.rises() - rises);
        done.add(new Planned(operation, new Outcome(answer, changes, rung ? doorbell : ""), known, evidence));
    }

    /** Where the registers are that now say that the unit computes; null if none do. */
    private Long computing(Operation operation) {
        long window;
        if (operation instanceof Operation.WhileComputing c) {
            window = c.window();
        } else if (operation instanceof Operation.Write w && w.space() == Operation.Space.MEMORY) {
            window = w.address() & -Places.WINDOW_SIZE;
        } else {
            return null;
        }
        boolean ours = model.read(Operation.Space.MEMORY, window + Card.IDENTIFICATION, 4) == Card.IDENTITY;
        return ours && (status(window) & Card.COMPUTING) != 0 ? window : null;
    }

    private long status(long window) {
        return model.read(Operation.Space.MEMORY, window + Card.STATUS, 4);
    }

    private Evidence evidence(long window, String doorbell) {
        long pending = model.read(Operation.Space.MEMORY, window + Card.IRQ_STATUS, 4);
        long config = model.read(Operation.Space.CONFIG, Card.CONFIG_STATUS, 2);
        return new Evidence(window, status(window), pending, (config & Card.PIN_REQUESTED) != 0, doorbell);
    }

    /** The line of a board tells when it rises; where it has fallen follows. */
    private static String changes(Operation operation, boolean before, boolean after, int rises) {
        if (operation instanceof Operation.Reset) {
            return before == after ? "" : after ? "1" : "0";
        }
        StringBuilder text = new StringBuilder();
        int changes = 2 * rises + (before ? 1 : 0) - (after ? 1 : 0);
        for (int i = 0; i < changes; i++) {
            text.append(before == (i % 2 == 0) ? '0' : '1');
        }
        return text.toString();
    }

    @Override
    public void close() {
        model.close();
    }
}
