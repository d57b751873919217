package org.cardcage.kernel;

import java.util.Optional;

/**
 * An errno on its way to whoever asked. The message begins with the errno's name, as in {@code EBUSY: BAR 0 belongs to
 * edu}. Unchecked, since in Java most calls of a driver sit inside lambdas.
 */
public final class KernelException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Errno errno;

    /** An error with nothing to add to the errno's own text. */
    public KernelException(Errno errno) {
        this(errno, errno.text());
    }

    /**
     * @param detail what was asked, what is wrong and what to do
     */
    public KernelException(Errno errno, String detail) {
        super(errno.name() + ": " + detail);
        this.errno = errno;
    }

    /** An error with a deeper cause. */
    public KernelException(Errno errno, String detail, Throwable cause) {
        super(errno.name() + ": " + detail, cause);
        this.errno = errno;
    }

    public Errno errno() {
        return errno;
    }

    /** The message without the errno's name before it. */
    public String detail() {
        return getMessage().substring(errno.name().length() + 2);
    }

    /** The first errno in the chain of causes that begins with {@code t}. */
    public static Optional<Errno> errnoOf(Throwable t) {
        for (Throwable cause = t; cause != null; cause = cause.getCause()) {
            if (cause instanceof KernelException e) {
                return Optional.of(e.errno);
            }
        }
        return Optional.empty();
    }
}
