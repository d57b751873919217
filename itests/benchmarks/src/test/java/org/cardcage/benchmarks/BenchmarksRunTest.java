package org.cardcage.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cardcage.qemu.internal.QemuProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchmarksRunTest {

    /** Sizes are for measuring, not for this test. */
    private static final int LARGEST = 100;

    static Stream<Case> cases() {
        return Tables.all(false, hasQemu()).values().stream()
                .flatMap(List::stream)
                .flatMap(row -> row.cases().stream())
                .filter(one -> one.size() <= LARGEST)
                .distinct();
    }

    /** Where a QEMU is demanded, its cases fail without one. */
    private static boolean hasQemu() {
        try {
            QemuProgram.find(System.getenv());
            return true;
        } catch (IOException e) {
            return "1".equals(System.getenv("CARDCAGE_REQUIRE_ORACLES"));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyCaseOfTheTablesRuns(Case one) throws Exception {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(one.benchmark()) + "$")
                .threads(one.threads())
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(1));
        if (one.size() != 0) {
            options.param("size", Integer.toString(one.size()));
        }

        Collection<RunResult> results = new Runner(options.build()).run();

        assertThat(results)
                .singleElement()
                .satisfies(result -> assertThat(one.in(result)).isPositive());
    }

    @Test
    void everyBenchmarkStandsInATable() {
        Set<String> known = BenchmarkList.defaultList()
                .getAll(
                        OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT),
                        Collections.emptyList())
                .stream()
                .map(BenchmarkListEntry::getUsername)
                .collect(Collectors.toSet());

        Set<String> shown = Tables.all(true, true).values().stream()
                .flatMap(List::stream)
                .flatMap(row -> row.cases().stream())
                .map(Case::benchmark)
                .collect(Collectors.toSet());

        assertThat(shown).isEqualTo(known);
    }

    @Test
    void aRatioIsTakenWithinItsRound() {
        Case slow = Case.of(HandOff.class, "slow");
        Case fast = Case.of(HandOff.class, "fast");
        Row row = Row.of("something", slow).against(fast, 2.5);

        String line = row.print(List.of(
                Map.of(slow, 20.0, fast, 10.0), Map.of(slow, 90.0, fast, 30.0), Map.of(slow, 200.0, fast, 100.0)));

        assertThat(line)
                .isEqualToIgnoringNewLines("| something | 90 ns | 30 ns | 2.00 (2.00–3.00) | ≤ 2.500 × | yes | – |");
    }

    @Test
    void aCaseThatFailedLeavesAGap() {
        Row row = Row.of("something", Case.of(HandOff.class, "slow")).atMost(4000);

        assertThat(row.print(List.of(Map.of())))
                .isEqualToIgnoringNewLines("| something | – | – | – | ≤ 4.0 µs | **no** | – |");
    }

    @Test
    void aDifferenceThatIsNegativeMeetsNoAim() {
        Case more = Case.of(HandOff.class, "more");
        Case less = Case.of(HandOff.class, "less");
        Row row =
                Row.of("something", Quantity.of(more).minus(Quantity.of(less))).atMost(4000);

        assertThat(row.print(List.of(Map.of(more, 1000.0, less, 3000.0))))
                .isEqualToIgnoringNewLines("| something | -2.0 µs | – | – | ≤ 4.0 µs | **no** | – |");
    }
}
