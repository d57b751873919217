package org.cardcage.edu.live;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.cardcage.edu.live.Differential.Difference;
import org.cardcage.qemu.internal.QemuProgram;
import org.junit.jupiter.api.Test;

/**
 * Whatever software does to it, our card answers as the one in QEMU does. Random operations drive both at once.
 *
 * <p>{@code -Dcardcage.edu.seed=N} chooses other operations, {@code -Dcardcage.edu.sequences=M} how many sequences of 100,
 * {@code -Dcardcage.edu.first=K} where to begin.
 */
class EduLiveTest {

    private static final int LENGTH = 100;
    private static final int BEFORE = 10;
    private static final int LEGIBLE = 200;
    private static final int SAME_PROCESS = 100;
    private static final int WORKERS = 2;
    /** Something that comes by itself, in a process that may get no CPU for long. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** While a failure is cut down: what is wrong may be that something does not come. */
    private static final Duration SHORT_PATIENCE = Duration.ofSeconds(1);

    private static final long[] MASKS = {
        QemuSide.DEFAULT_MASK, -1L, 0x0fff_fff0, 0x0fff_f000, 0x00ff_ffff, 0x0fef_ffff, 0xffff_ffff_f0ff_ffffL, 0
    };

    private final AtomicBoolean failed = new AtomicBoolean();
    private final AtomicLong operations = new AtomicLong();

    @Test
    void theCardAnswersAsQemusDoes() throws Exception {
        QemuProgram program = program();
        long seed = Long.getLong("cardcage.edu.seed", 1);
        int first = Integer.getInteger("cardcage.edu.first", 0);
        int sequences = Integer.getInteger("cardcage.edu.sequences", 2000);
        String what = String.format(
                "EDU card against QEMU %s: seed %d, %d sequences of %d operations",
                program.version(), seed, sequences, LENGTH);
        System.out.println(what);
        long begin = System.nanoTime();
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        try {
            List<Future<?>> blocks = new ArrayList<>();
            int to;
            for (int from = first; from < first + sequences; from = to) {
                to = Math.min((from / SAME_PROCESS + 1) * SAME_PROCESS, first + sequences);
                Block block = new Block(program, seed, from, to);
                blocks.add(workers.submit(() -> run(block)));
            }
            for (Future<?> block : blocks) {
                block.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } finally {
            failed.set(true);
            workers.shutdown();
        }
        System.out.printf(
                "%s: %d compared with those before and after them, all equal, %d ms%n",
                what, operations.get(), (System.nanoTime() - begin) / 1_000_000);
    }

    /** Sequences {@code from} to {@code to}, the last one not among them, which share a card. */
    private record Block(QemuProgram program, long seed, int from, int to) {

        long mask() {
            int number = from / SAME_PROCESS;
            return number % 2 == 0 ? QemuSide.DEFAULT_MASK : MASKS[new Random(seed + number).nextInt(MASKS.length)];
        }
    }

    private Void run(Block block) throws IOException {
        try (Differential differential = new Differential(block.program(), block.mask())) {
            for (int number = block.from(); number < block.to() && !failed.get(); number++) {
                List<Operation> done = new ArrayList<>();
                Difference difference = differential.run(PATIENCE, generated(block.seed() * 1_000_003 + number, done));
                if (difference != null && !failed.getAndSet(true)) {
                    String where =
                            String.format("seed %d, sequence %d, DMA mask 0x%x", block.seed(), number, block.mask());
                    fail(where + "\n" + report(differential, difference, done));
                }
            }
            operations.addAndGet(differential.operations());
        }
        return null;
    }

    private static QemuProgram program() throws IOException {
        try {
            return QemuProgram.find(System.getenv());
        } catch (IOException e) {
            if ("1".equals(System.getenv("CARDCAGE_REQUIRE_ORACLES"))) {
                throw e;
            }
            return abort("QEMU is the judge here: " + e.getMessage());
        }
    }

    private static Consumer<Plan> generated(long seed, List<Operation> operations) {
        return plan -> {
            Generator generator = new Generator(seed);
            int begin = plan.done().size();
            while (plan.done().size() < begin + LENGTH) {
                plan.add(generator.next());
            }
            operations.clear();
            plan.done().subList(begin, plan.done().size()).forEach(done -> operations.add(done.operation()));
        };
    }

    private static Consumer<Plan> given(List<Operation> operations) {
        return plan -> operations.forEach(plan::add);
    }

    private static String report(Differential differential, Difference difference, List<Operation> operations)
            throws IOException {
        List<Operation> smallest = Shrinker.<IOException>shrink(
                operations, fewer -> differential.run(SHORT_PATIENCE, given(fewer)) != null);
        Difference again = differential.run(PATIENCE, given(smallest));
        String text = "as it was found, the last " + BEFORE + " operations before it:\n" + text(difference);
        return again == null
                ? text + "\nalone it does not come again"
                : "these do, from power-on: " + smallest + "\n" + text(again) + "\n" + text;
    }

    private static String text(Difference difference) {
        List<Operation> before = difference.before();
        StringBuilder text = new StringBuilder();
        before.subList(Math.max(0, before.size() - BEFORE), before.size())
                .forEach(operation -> text.append("    ").append(operation).append('\n'));
        int at = Arrays.mismatch(
                difference.model().toCharArray(), difference.qemu().toCharArray());
        return text.append("  differs: ")
                .append(difference.operation())
                .append("\n    our card: ")
                .append(around(difference.model(), at))
                .append("\n    QEMU:     ")
                .append(around(difference.qemu(), at))
                .toString();
    }

    /** A block of memory is too long to be read. */
    private static String around(String text, int at) {
        return text.length() <= LEGIBLE
                ? text
                : "(from character " + at + ") " + text.substring(at, Math.min(text.length(), at + LEGIBLE));
    }
}
