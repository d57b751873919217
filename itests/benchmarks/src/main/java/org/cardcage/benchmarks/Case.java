package org.cardcage.benchmarks;

/**
 * One benchmark with its circumstances: what a fork measures.
 *
 * @param type the class that holds the benchmark
 * @param method its name
 * @param threads how many run it at once
 * @param size value of the parameter {@code size}, 0 if the benchmark has none
 */
record Case(Class<?> type, String method, int threads, int size) {

    static Case of(Class<?> type, String method) {
        return new Case(type, method, 1, 0);
    }

    Case withThreads(int count) {
        return new Case(type, method, count, size);
    }

    Case withSize(int value) {
        return new Case(type, method, threads, value);
    }

    /** What the tool calls it. */
    String benchmark() {
        return type.getName() + "." + method;
    }

    @Override
    public String toString() {
        return type.getSimpleName() + "." + method + (size == 0 ? "" : " of " + size)
                + (threads == 1 ? "" : " by " + threads + " threads");
    }
}
