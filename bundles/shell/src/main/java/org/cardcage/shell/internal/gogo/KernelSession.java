package org.cardcage.shell.internal.gogo;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.CommandSessionImpl;
import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.JobListener;
import org.apache.felix.service.command.Result;

/**
 * A Gogo session on our tree of files. Other than Gogo's own its streams survive an interrupt, its redirections are paths of
 * our tree, and it tells the status of a command.
 *
 * <p>Threads: one executes lines; jobs report from threads of Gogo, and signals come
 * from those of the terminal, hence the volatile fields; {@code this} guards {@code begun} and {@code ended}.
 */
public final class KernelSession extends CommandSessionImpl {

    private static final long BEGIN_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final PrintStream errors;
    /** Jobs with a command of ours that has begun. */
    private final Set<Job> begun = new HashSet<>();

    private Job ended;
    private volatile Result lastResult;
    private volatile boolean interrupted;
    private volatile JobListener watcher = (job, before, now) -> {};

    /**
     * @param directory the working directory to begin with
     */
    public KernelSession(
            CommandProcessorImpl processor, InputStream in, OutputStream out, OutputStream err, Path directory) {
        super(processor, in, out, err);
        WritableByteChannel output = PlainChannels.of(out);
        WritableByteChannel messages = new GogoMessages(out == err ? output : PlainChannels.of(err));
        channels = new Channel[] {PlainChannels.of(in), output, messages};
        errors = perr;
        currentDir(directory);
        put("SCOPE", GogoCommand.SCOPES);
        super.setJobListener(this::jobChanged);
    }

    private void jobChanged(Job job, Job.Status before, Job.Status now) {
        if (now == Job.Status.Done) {
            synchronized (this) {
                ended = job;
                begun.remove(job);
                notifyAll();
            }
        }
        if (now == Job.Status.Done && before == Job.Status.Foreground && job.parent() == null) {
            lastResult = job.result();
        }
        watcher.jobChanged(job, before, now);
    }

    @Override
    public void setJobListener(JobListener listener) {
        watcher = listener;
    }

    /** Redirections: Gogo makes a path of the host of the word. */
    @Override
    public Path redirect(Path path, int mode) {
        return currentDir().resolve(path.toString());
    }

    /**
     * Waits until no job is in the foreground: {@code fg} ends long before the job that it has brought there.
     *
     * @throws Exception what that job has thrown
     */
    void awaitForeground() throws Exception {
        for (Job job = foregroundJob(); job != null; job = foregroundJob()) {
            synchronized (job) { // which a job notifies when its status changes
                while (job.status() == Job.Status.Foreground) {
                    job.wait();
                }
            }
        }
        Result result = lastResult;
        if (result != null && result.exception() != null) {
            throw result.exception();
        }
    }

    /** Ctrl-C: ends the command in the foreground, and what follows in its line is not executed. */
    void interrupt() {
        interrupted = true;
        Job job = foregroundJob();
        if (job != null && hasBegun(job)) {
            job.interrupt();
        }
    }

    /**
     * Gogo waits for ever for a job that is interrupted before its thread runs. So a command must have begun, which looks
     * for the interrupt itself then; one of Gogo's own is given some time for it.
     */
    private synchronized boolean hasBegun(Job job) {
        long deadline = System.nanoTime() + BEGIN_PATIENCE_NANOS;
        try {
            while (!begun.contains(job) && ended != job) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return true;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ended != job;
    }

    /**
     * A command of ours is about to run on the calling thread.
     *
     * @return whether it must not: Ctrl-C came before its thread could be interrupted. A job in the background does not mind
     */
    boolean commandBegins() {
        Job job = Job.Utils.current();
        while (job != null && job.parent() != null) {
            job = job.parent();
        }
        if (job == null) {
            return interrupted;
        }
        synchronized (this) {
            begun.add(job);
            notifyAll();
        }
        return interrupted && job.status() != Job.Status.Background;
    }

    /** A copy of the variables, for {@link #restore}. */
    Map<String, Object> variables() {
        return new HashMap<>(variables);
    }

    /** The variables are again what they were. */
    void restore(Map<String, Object> before) {
        variables.keySet().retainAll(before.keySet());
        variables.putAll(before);
    }

    /** Whether {@link #interrupt} was called since {@link #forgetInterrupt}. */
    boolean isInterrupted() {
        return interrupted;
    }

    void forgetInterrupt() {
        interrupted = false;
    }

    void forgetResult() {
        lastResult = null;
    }

    /** Status of the foreground job that ended last; 0 if there was none since {@link #forgetResult}. */
    int resultStatus() {
        Result result = lastResult;
        return result == null ? 0 : result.error();
    }

    /** Writes a line to the session's standard error. */
    public void message(String line) {
        errors.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
        errors.flush();
    }
}
