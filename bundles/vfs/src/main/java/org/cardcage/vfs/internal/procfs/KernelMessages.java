package org.cardcage.vfs.internal.procfs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kernel.proc.ProcFile;
import org.cardcage.log.LogRecord;
import org.slf4j.event.Level;

/**
 * {@code /proc/kmsg} (Linux {@code fs/proc/kmsg.c}): the lines of the kernel's log, each read once, by whoever comes first. A read
 * waits until there is one and takes as many whole lines as fit.
 *
 * <p>Threads: any. {@code this} guards {@code next}.
 */
public final class KernelMessages implements ProcFile, AutoCloseable {

    private final Kernel kernel;
    private final WaitQueue arrived;
    private final Consumer<LogRecord> listener;
    /** Sequence number of the first line that nobody has read. */
    private long next;

    public KernelMessages(Kernel kernel) {
        this.kernel = kernel;
        arrived = new WaitQueue(kernel, "a line of the kernel's log");
        listener = line -> arrived.wakeUp();
        kernel.log().addListener(listener);
    }

    @Override
    public int read(ByteBuffer to, long position, CancelToken cancel) {
        if (!to.hasRemaining()) {
            return 0;
        }
        int[] count = new int[1];
        arrived.await(cancel, () -> {
            count[0] = take(to);
            return count[0] > 0;
        });
        return count[0];
    }

    private synchronized int take(ByteBuffer to) {
        int start = to.position();
        List<LogRecord> lines = kernel.log().records();
        for (LogRecord line : lines) {
            if (line.sequence() < next) {
                continue;
            }
            byte[] text = text(line).getBytes(StandardCharsets.UTF_8);
            if (text.length > to.remaining()) {
                if (to.position() == start) {
                    throw new KernelException(Errno.EINVAL, "the next line has " + text.length + " bytes");
                }
                break;
            }
            to.put(text);
            next = line.sequence() + 1;
        }
        return to.position() - start;
    }

    private static String text(LogRecord line) {
        return "<" + priority(line.level()) + ">" + line + "\n";
    }

    /** As in {@code include/linux/kern_levels.h}. */
    private static int priority(Level level) {
        return switch (level) {
            case ERROR -> 3;
            case WARN -> 4;
            case INFO -> 6;
            case DEBUG, TRACE -> 7;
        };
    }

    @Override
    public void close() {
        kernel.log().removeListener(listener);
    }
}
