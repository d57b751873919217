package org.cardcage.edu.live;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.cardcage.edu.live.Operation.Space;
import org.cardcage.qemu.internal.Commands;
import org.cardcage.qemu.internal.Reply;

/**
 * An operation on its way to QEMU.
 *
 * <p>Threads: made and asked by the thread of the test. The thread of the connection calls {@link #isOver} and {@link #pin},
 * before the last answer is there, which orders what both see.
 */
final class Flight {

    private static final int CONFIG_ADDRESS = 0xcf8;
    private static final int CONFIG_DATA = 0xcfc;
    private static final int SLOT = 4;
    private static final int RESET_CONTROL = 0xcf9;
    private static final int RESET = 0x06;
    private static final HexFormat HEX = HexFormat.of();

    private final Planned planned;
    private final List<Reply> answers = new ArrayList<>();
    private final StringBuilder pin = new StringBuilder();
    private Reply operandThen;
    private Reply computing;
    private Reply doorbell;
    private Reply last;
    private String rung;
    private String complaint = "";
    private volatile boolean held;

    Flight(Planned planned) {
        this.planned = planned;
        held = planned.evidence() != null || planned.operation() instanceof Operation.Reset;
    }

    Planned planned() {
        return planned;
    }

    /** Whether what happens from now on belongs to a later operation. */
    boolean isOver() {
        return !held && last.isThere();
    }

    /** Whether the answers alone do not end it. */
    boolean isHeld() {
        return held;
    }

    /**
     * An operation that was held is over.
     *
     * @param doorbellThen what counts for the doorbell
     * @param problem what has not come; empty if all has
     */
    void release(String doorbellThen, String problem) {
        rung = doorbellThen;
        complaint = problem;
        held = false;
    }

    void pin(boolean level) {
        pin.append(level ? '1' : '0');
    }

    /** Adds what the operation needs to the commands. */
    void launch(Commands commands, int operand) {
        last = launch(planned.operation(), commands, operand);
        if (!mayRing(planned.operation())) {
            rung = Plan.SILENCE;
            return;
        }
        doorbell = readDoorbell(commands);
        last = doorbell;
        if (!planned.outcome().doorbell().isEmpty() && !held) {
            silenceDoorbell(commands);
        }
    }

    static Reply readDoorbell(Commands commands) {
        return commands.readBlock(Places.DOORBELL.start(), (int) Places.DOORBELL.length());
    }

    static void silenceDoorbell(Commands commands) {
        commands.fill(Places.DOORBELL.start(), Places.DOORBELL.length(), Places.DOORBELL_FILL);
    }

    /** Only what reaches registers, or takes time, can make the card send a message. */
    private static boolean mayRing(Operation operation) {
        return operation instanceof Operation.Write w && w.space() == Space.MEMORY
                || operation instanceof Operation.Step
                || operation instanceof Operation.Reset
                || operation instanceof Operation.WhileComputing;
    }

    /** Returns the reply that comes last. */
    private Reply launch(Operation operation, Commands commands, int operand) {
        if (operation instanceof Operation.Read r) {
            return answer(read(commands, r.space(), r.address(), r.size()));
        } else if (operation instanceof Operation.Write w) {
            return write(commands, w.space(), w.address(), w.size(), w.value());
        } else if (operation instanceof Operation.Fill f) {
            return commands.fill(f.address(), f.length(), f.value());
        } else if (operation instanceof Operation.ReadBlock r) {
            return answer(commands.readBlock(r.address(), r.length()));
        } else if (operation instanceof Operation.ReadAllConfig) {
            for (int offset = 0; offset < Card.CONFIG_END; offset += 4) {
                answer(read(commands, Space.CONFIG, offset, 4));
            }
            return answers.get(answers.size() - 1);
        } else if (operation instanceof Operation.Step s) {
            return answer(commands.clockStep(s.nanos()));
        } else if (operation instanceof Operation.WhileComputing c) {
            write(commands, Space.MEMORY, c.window() + Card.FACTORIAL, 4, operand);
            c.meanwhile().forEach(inner -> launch(inner, commands, 0));
            operandThen = commands.read(c.window() + Card.FACTORIAL, 4);
            computing = commands.read(c.window() + Card.STATUS, 4);
            return computing;
        } else {
            // a reset comes after the answer: the cache line size shows when
            write(commands, Space.CONFIG, Card.CACHE_LINE, 1, 0xff);
            return commands.out(RESET_CONTROL, 1, RESET);
        }
    }

    private Reply answer(Reply reply) {
        answers.add(reply);
        return reply;
    }

    static Reply read(Commands commands, Space space, long address, int size) {
        if (space == Space.MEMORY) {
            return commands.read(address, size);
        }
        select(commands, SLOT, address);
        return commands.in(CONFIG_DATA + (int) (address & 3), size);
    }

    private static Reply write(Commands commands, Space space, long address, int size, long value) {
        return space == Space.MEMORY
                ? commands.write(address, size, value)
                : writeConfig(commands, SLOT, address, size, (int) value);
    }

    static Reply writeConfig(Commands commands, int slot, long offset, int size, int value) {
        select(commands, slot, offset);
        return commands.out(CONFIG_DATA + (int) (offset & 3), size, value);
    }

    private static void select(Commands commands, int slot, long offset) {
        commands.out(CONFIG_ADDRESS, 4, 1 << 31 | slot << 11 | (int) offset & ~3);
    }

    /**
     * Whether the unit was still computing, and the same, after what was to be done meanwhile, if that was asked for: had it been
     * over, it would have taken another operand.
     */
    boolean computedLongEnough(int operand) throws IOException {
        return computing == null || operandThen.value() == operand && (computing.value() & Card.COMPUTING) != 0;
    }

    /** For when the answers are there. */
    Outcome outcome() throws IOException {
        String heard = rung == null ? HEX.formatHex(doorbell.bytes()) : rung;
        return new Outcome(answer() + complaint, changes(), heard.equals(Plan.SILENCE) ? "" : heard);
    }

    private String changes() {
        // where the line ends up counts at a reset: the interrupt router loses its settings too
        boolean reset = planned.operation() instanceof Operation.Reset;
        return !reset || pin.length() < 2
                ? pin.toString()
                : pin.length() % 2 == 0 ? "" : pin.substring(pin.length() - 1);
    }

    private String answer() throws IOException {
        if (planned.operation() instanceof Operation.ReadBlock) {
            return HEX.formatHex(answers.get(0).bytes());
        }
        StringBuilder text = new StringBuilder();
        for (Reply answer : answers) {
            text.append(text.isEmpty() ? "" : " ").append(Long.toHexString(answer.value()));
        }
        return text.toString();
    }
}
