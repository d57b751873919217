package org.cardcage.edu.live;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.cardcage.qemu.internal.QemuProgram;

/**
 * Does sequences of operations on both cards and finds the first difference. Uses one QEMU process, and another after what may have
 * left that in an unknown state. For one thread.
 */
final class Differential implements AutoCloseable {

    private static final long MILLISECOND = 1_000_000;
    private static final int FIRST_OPERAND = 16_000_000;
    private static final int LARGEST_OPERAND = 1 << 30;

    private final QemuProgram program;
    private final long dmaMask;
    private QemuSide qemu;
    private long operations;

    /**
     * A difference.
     *
     * @param operation that shows it
     * @param model what our card has shown
     * @param qemu what QEMU's has shown
     * @param before the operations before, the last one last
     */
    record Difference(Operation operation, String model, String qemu, List<Operation> before) {}

    /** @param dmaMask of both cards */
    Differential(QemuProgram program, long dmaMask) {
        this.program = program;
        this.dmaMask = dmaMask;
    }

    /** How many operations have been compared. */
    long operations() {
        return operations;
    }

    /**
     * Runs one sequence from power-on state.
     *
     * @param patience how long to wait for each thing that comes by itself
     * @param sequence adds its operations to the plan; is asked again if a run does not count
     * @return the first difference, or null
     */
    Difference run(Duration patience, Consumer<Plan> sequence) throws IOException {
        for (int operand = FIRST_OPERAND; operand < LARGEST_OPERAND; operand *= 4) {
            boolean fresh = qemu == null;
            if (fresh) {
                qemu = new QemuSide(program, dmaMask);
            }
            try (Plan plan = new Plan(dmaMask, qemu.now(), operand)) {
                prepare(plan, fresh);
                sequence.accept(plan);
                PowerOn.FINAL_LOOK.forEach(plan::add);
                List<Outcome> outcomes = qemu.perform(plan.done(), operand, patience);
                operations += outcomes.size();
                return compare(plan.done(), outcomes);
            } catch (QemuSide.TooFastException e) {
                end(); // a computation is still going on there
            } catch (IOException e) {
                end();
                throw e;
            }
        }
        throw new IOException("QEMU computes the factorial of " + LARGEST_OPERAND + " in no time");
    }

    private void end() {
        qemu.close();
        qemu = null;
    }

    /** A new process must have that state by itself; later on it is made and checked. */
    private void prepare(Plan plan, boolean fresh) {
        if (fresh) {
            PowerOn.CHECK.forEach(plan::add);
        }
        // a transfer counts from the beginning of its millisecond
        plan.add(new Operation.Step(MILLISECOND - qemu.now() % MILLISECOND));
        PowerOn.RESTORE.forEach(plan::add);
        PowerOn.CHECK.forEach(plan::add);
    }

    private static Difference compare(List<Planned> plan, List<Outcome> outcomes) {
        for (int i = 0; i < plan.size(); i++) {
            Planned planned = plan.get(i);
            Outcome ours = planned.outcome();
            Outcome theirs = outcomes.get(i);
            String known = planned.known();
            boolean asKnown = known == null || known.equals(ours.answer());
            if (!ours.equals(theirs) || !asKnown) {
                String wanted = known == null ? "" : ", by the table [" + known + "]";
                List<Operation> before =
                        plan.subList(0, i).stream().map(Planned::operation).toList();
                return new Difference(planned.operation(), ours + wanted, theirs.toString(), before);
            }
        }
        return null;
    }

    @Override
    public void close() {
        if (qemu != null) {
            end();
        }
    }
}
