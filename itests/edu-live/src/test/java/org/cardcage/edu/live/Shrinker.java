package org.cardcage.edu.live;

import java.util.ArrayList;
import java.util.List;

/**
 * Leaves out of a sequence what a failure does not need: first large pieces, then smaller ones, until no single operation can go
 * (delta debugging, Zeller and Hildebrandt 2002, without its complements of two).
 */
final class Shrinker {

    /** Whether a sequence still fails. */
    @FunctionalInterface
    interface Trial<E extends Exception> {
        boolean fails(List<Operation> operations) throws E;
    }

    private Shrinker() {}

    static <E extends Exception> List<Operation> shrink(List<Operation> failing, Trial<E> trial) throws E {
        List<Operation> rest = new ArrayList<>(failing);
        for (int piece = Math.max(1, rest.size() / 2); piece >= 1; piece /= 2) {
            boolean shorter = true;
            while (shorter) {
                shorter = false;
                for (int from = rest.size() - piece; from >= 0; from -= piece) {
                    List<Operation> candidate = new ArrayList<>(rest.subList(0, from));
                    candidate.addAll(rest.subList(from + piece, rest.size()));
                    if (trial.fails(candidate)) {
                        rest = candidate;
                        shorter = true;
                    }
                }
            }
        }
        return rest;
    }
}
