package org.cardcage.shell.internal.command;

import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/** How a command ends that was interrupted (Ctrl-C). */
public final class Interrupted {

    /** Exit status: 128 and the number of SIGINT. */
    public static final int STATUS = 130;

    private Interrupted() {}

    /** Whether the exception, or a cause of it, says that the thread was interrupted. */
    public static boolean is(Throwable t) {
        for (Throwable cause = t; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException
                    || cause instanceof ClosedByInterruptException
                    || cause instanceof InterruptedIOException
                    || cause instanceof KernelException e && e.errno() == Errno.EINTR) {
                return true;
            }
        }
        return false;
    }
}
