package org.cardcage.benchmarks;

import java.util.Collection;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * One benchmark with its circumstances, which a fork measures, or a part of it that is timed by itself.
 *
 * @param type the class that holds the benchmark
 * @param method its name
 * @param threads how many run it at once
 * @param size value of the parameter {@code size}, 0 if the benchmark has none
 * @param part the auxiliary counter that holds the time of the part, in nanoseconds; empty for the whole
 */
record Case(Class<?> type, String method, int threads, int size, String part) {

    static Case of(Class<?> type, String method) {
        return new Case(type, method, 1, 0, "");
    }

    Case withThreads(int count) {
        return new Case(type, method, count, size, part);
    }

    Case withSize(int value) {
        return new Case(type, method, threads, value, part);
    }

    Case withPart(String counter) {
        return new Case(type, method, threads, size, counter);
    }

    /** What one fork measures. */
    Case whole() {
        return withPart("");
    }

    /** Nanoseconds: the middle of the iterations, of which the tool would add up those of a part. */
    double in(RunResult result) {
        Collection<BenchmarkResult> forks = result.getBenchmarkResults();
        double[] sorted = forks.stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(iteration -> in(iteration).getScore())
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }

    private Result<?> in(IterationResult iteration) {
        return part.isEmpty()
                ? iteration.getPrimaryResult()
                : iteration.getSecondaryResults().get(part);
    }

    /** What the tool calls it. */
    String benchmark() {
        return type.getName() + "." + method;
    }

    @Override
    public String toString() {
        return type.getSimpleName() + "." + method + (part.isEmpty() ? "" : "." + part)
                + (size == 0 ? "" : " of " + size) + (threads == 1 ? "" : " by " + threads + " threads");
    }
}
