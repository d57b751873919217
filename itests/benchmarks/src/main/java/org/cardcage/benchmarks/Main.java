package org.cardcage.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cardcage.qemu.internal.QemuProgram;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures and prints the tables of {@code docs/performance.md}. Arguments: {@code quick} (if nothing is said) or {@code
 * full}, then words; with words, only rows that contain one of them.
 *
 * <p>A machine is never quiet. So each round measures every case once, in a JVM of its own, what is compared one right after
 * the other; a ratio is taken within its round, and the tables show the middle of the rounds.
 */
public final class Main {

    private final Size size;
    private final PrintStream progress;
    private boolean failed;

    private Main(Size size, PrintStream progress) {
        this.size = size;
        this.progress = progress;
    }

    /** The exit status is 1 if a benchmark failed, 2 if an argument is wrong; a missed aim is no failure. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<String> words = new ArrayList<>(List.of(arguments));
        Size size = Size.QUICK;
        if (!words.isEmpty() && Stream.of(Size.values()).anyMatch(s -> name(s).equals(words.get(0)))) {
            size = Size.valueOf(words.remove(0).toUpperCase(Locale.ROOT));
        }
        Map<String, List<Row>> tables = select(words);
        if (tables.isEmpty()) {
            System.err.println("benchmarks: no row contains " + words + "; the first argument may be quick or full");
            System.exit(2);
        }
        // a test of the benchmarks somewhere on this machine, or a fork left behind, is no reason to give up
        System.setProperty("jmh.ignoreLock", "true");
        Main main = new Main(size, System.err);
        String report = main.run(tables);
        out.print(report);
        System.exit(main.failed ? 1 : 0);
    }

    private static String name(Size size) {
        return size.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, List<Row>> select(List<String> words) {
        Map<String, List<Row>> chosen = new LinkedHashMap<>();
        Tables.all(System.getProperty(WholeSystem.LAUNCHER) != null, hasQemu()).forEach((title, rows) -> {
            List<Row> some = rows.stream()
                    .filter(row -> words.isEmpty() || words.stream().anyMatch(row.what()::contains))
                    .toList();
            if (!some.isEmpty()) {
                chosen.put(title, some);
            }
        });
        return chosen;
    }

    private static boolean hasQemu() {
        try {
            QemuProgram.find(System.getenv());
            return true;
        } catch (IOException e) {
            System.err.println("benchmarks: the machine in QEMU is left out: " + e.getMessage());
            return false;
        }
    }

    private String run(Map<String, List<Row>> tables) {
        Set<Case> cases = new LinkedHashSet<>();
        tables.values().forEach(rows -> rows.forEach(row -> cases.addAll(row.cases())));
        double loadBefore = load();
        List<Map<Case, Double>> rounds = new ArrayList<>();
        for (int round = 1; round <= size.rounds(); round++) {
            rounds.add(measure(cases, "round " + round + " of " + size.rounds()));
        }
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "Java %s, %s, %d CPUs; size %s, %d rounds; load %.1f before, %.1f after.%n",
                Runtime.version(),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                name(size),
                size.rounds(),
                loadBefore,
                load()));
        tables.forEach((title, rows) -> {
            text.append("\n## ").append(title).append("\n\n").append(Row.HEADING);
            rows.forEach(row -> text.append(row.print(rounds)));
        });
        return text.toString();
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private Map<Case, Double> measure(Set<Case> cases, String round) {
        Map<Case, Double> nanos = new LinkedHashMap<>();
        Map<Case, List<Case>> parts = new LinkedHashMap<>();
        cases.forEach(one ->
                parts.computeIfAbsent(one.whole(), w -> new ArrayList<>()).add(one));
        int number = 0;
        for (Map.Entry<Case, List<Case>> fork : parts.entrySet()) {
            number++;
            String where = round + ", " + number + " of " + parts.size();
            try {
                RunResult result = measure(fork.getKey());
                for (Case one : fork.getValue()) {
                    nanos.put(one, one.in(result));
                    progress.printf("%s: %s: %s%n", where, one, Row.time(nanos.get(one)));
                }
            } catch (RunnerException e) {
                failed = true;
                progress.printf("%s: %s failed: %s%n", where, fork.getKey(), e.getMessage());
            }
        }
        return nanos;
    }

    private RunResult measure(Case one) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(one.benchmark()) + "$")
                .threads(one.threads())
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        if (one.size() != 0) {
            options.param("size", Integer.toString(one.size()));
        }
        return new Runner(size.applyTo(options, one).build()).runSingle();
    }
}
