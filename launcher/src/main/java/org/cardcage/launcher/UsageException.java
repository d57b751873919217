package org.cardcage.launcher;

/** The command line is not one that we understand; the text says what is wrong with it. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
