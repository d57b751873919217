package org.cardcage.machine;

/**
 * A thread of a stepped machine sleeps and nothing is left that could wake it: a mistake of the test or of what it tests.
 * Whoever contains the faults of foreign code lets this one pass, so that the test fails.
 */
public final class SleepsForEverException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    SleepsForEverException(String sleepers) {
        super("sleeps for ever: " + sleepers);
    }
}
