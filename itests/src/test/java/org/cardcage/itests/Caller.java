package org.cardcage.itests;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.cardcage.kernel.KernelException;

/** A thread with one call to make. */
final class Caller {
    private static final long PATIENCE_SECONDS = 30;

    interface Call {
        void run() throws Exception;
    }

    final Thread thread;
    final CompletableFuture<String> outcome = new CompletableFuture<>();

    Caller(String name, Call call) {
        thread = new Thread(() -> outcome.complete(outcomeOf(call)), name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The name of the errno that a call fails with, or "ok". */
    static String outcomeOf(Call call) {
        try {
            call.run();
            return "ok";
        } catch (KernelException e) {
            return e.errno().name();
        } catch (Throwable t) { // to be seen by the test
            return t.toString();
        }
    }

    boolean isDone() {
        return outcome.isDone();
    }

    /** How the call has ended. */
    String outcome() throws Exception {
        return outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Whether the thread sleeps below a method of this class. */
    boolean sleepsIn(String className) {
        if (thread.getState() != Thread.State.WAITING) {
            return false;
        }
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().endsWith(className)) {
                return true;
            }
        }
        return false;
    }
}
