package org.cardcage.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A time that is computed from those of some cases: a sum with factors.
 *
 * @param terms the factor of each case
 */
record Quantity(Map<Case, Double> terms) {

    static Quantity of(Case measured) {
        return new Quantity(Map.of(measured, 1.0));
    }

    Quantity times(double factor) {
        Map<Case, Double> scaled = new LinkedHashMap<>();
        terms.forEach((measured, weight) -> scaled.put(measured, weight * factor));
        return new Quantity(scaled);
    }

    Quantity plus(Quantity other) {
        Map<Case, Double> sum = new LinkedHashMap<>(terms);
        other.terms.forEach((measured, weight) -> sum.merge(measured, weight, Double::sum));
        return new Quantity(sum);
    }

    Quantity minus(Quantity other) {
        return plus(other.times(-1));
    }

    Set<Case> cases() {
        return terms.keySet();
    }

    /**
     * @param nanos what was measured
     * @return in nanoseconds; NaN if a case is missing
     */
    double in(Map<Case, Double> nanos) {
        return terms.entrySet().stream()
                .mapToDouble(term -> term.getValue() * nanos.getOrDefault(term.getKey(), Double.NaN))
                .sum();
    }
}
