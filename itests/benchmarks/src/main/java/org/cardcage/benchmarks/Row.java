package org.cardcage.benchmarks;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * A line of a table: a quantity, what it is compared with, and how far it may go.
 *
 * @param what for people
 * @param here what is measured
 * @param baseline what it is compared with in the same round, or null
 * @param mostOfBaseline how many times the baseline it may take; infinite for no aim
 * @param mostNanos how long it may take; infinite for no aim
 * @param peer what Linux in QEMU takes for the same, as text; empty if nobody knows
 */
record Row(String what, Quantity here, Quantity baseline, double mostOfBaseline, double mostNanos, String peer) {

    static final String HEADING = "| what | here | baseline | ratio (lowest–highest) | aim | met | Linux in QEMU |\n"
            + "| --- | --- | --- | --- | --- | --- | --- |\n";

    private static final String NOTHING = "–";

    static Row of(String what, Quantity here) {
        return new Row(what, here, null, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, "");
    }

    static Row of(String what, Case here) {
        return of(what, Quantity.of(here));
    }

    Row against(Quantity other, double mostTimes) {
        return new Row(what, here, other, mostTimes, mostNanos, peer);
    }

    Row against(Case other, double mostTimes) {
        return against(Quantity.of(other), mostTimes);
    }

    Row atMost(double nanos) {
        return new Row(what, here, baseline, mostOfBaseline, nanos, peer);
    }

    Row peer(String text) {
        return new Row(what, here, baseline, mostOfBaseline, mostNanos, text);
    }

    /** In an order in which what is compared is measured one after the other. */
    Set<Case> cases() {
        Set<Case> all = new LinkedHashSet<>(here.cases());
        if (baseline != null) {
            all.addAll(baseline.cases());
        }
        return all;
    }

    /** The line, in Markdown. */
    String print(List<Map<Case, Double>> rounds) {
        double nanos = middle(rounds, here::in);
        String ratio = NOTHING;
        boolean met = nanos > 0 && nanos <= mostNanos; // a difference that is negative has not been measured
        if (baseline != null) {
            double times = middle(rounds, this::ratio);
            if (!Double.isNaN(times)) {
                double least = ratios(rounds).min().orElseThrow();
                double most = ratios(rounds).max().orElseThrow();
                ratio = String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", times, least, most);
            }
            met &= times <= mostOfBaseline;
        }
        return String.format(
                "| %s | %s | %s | %s | %s | %s | %s |%n",
                what,
                time(nanos),
                baseline == null ? NOTHING : time(middle(rounds, baseline::in)),
                ratio,
                aim(),
                aim().equals(NOTHING) ? "" : met ? "yes" : "**no**",
                peer.isEmpty() ? NOTHING : peer);
    }

    private double ratio(Map<Case, Double> round) {
        return here.in(round) / baseline.in(round);
    }

    private DoubleStream ratios(List<Map<Case, Double>> rounds) {
        return rounds.stream().mapToDouble(this::ratio).filter(Double::isFinite);
    }

    private static double middle(List<Map<Case, Double>> rounds, ToDoubleFunction<Map<Case, Double>> of) {
        double[] sorted = rounds.stream()
                .mapToDouble(of)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        int count = sorted.length;
        return count == 0 ? Double.NaN : (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    }

    private String aim() {
        String times = Double.isFinite(mostOfBaseline) ? String.format(Locale.ROOT, "≤ %.4g ×", mostOfBaseline) : "";
        String most = Double.isFinite(mostNanos) ? "≤ " + time(mostNanos) : "";
        String both = times.isEmpty() || most.isEmpty() ? times + most : times + ", " + most;
        return both.isEmpty() ? NOTHING : both;
    }

    static String time(double nanos) {
        if (Double.isNaN(nanos)) {
            return NOTHING;
        }
        String[] units = {"ns", "µs", "ms", "s"};
        double value = nanos;
        int unit = 0;
        while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, Math.abs(value) < 9.95 ? "%.1f %s" : "%.0f %s", value, units[unit]);
    }
}
