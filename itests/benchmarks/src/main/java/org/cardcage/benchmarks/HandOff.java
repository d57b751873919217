package org.cardcage.benchmarks;

import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The yardstick for everything that wakes a thread: two threads that park and unpark each other, there and back. */
@State(Scope.Benchmark)
public class HandOff {

    private volatile Thread caller;
    private volatile boolean asked;
    private volatile boolean ended;
    private Thread partner;

    @Setup
    public void start() {
        partner = new Thread(this::answer, "partner");
        partner.setDaemon(true);
        partner.start();
    }

    @TearDown
    public void stop() throws InterruptedException {
        ended = true;
        LockSupport.unpark(partner);
        partner.join();
    }

    private void answer() {
        while (!ended) {
            if (asked) {
                asked = false;
                LockSupport.unpark(caller);
            } else {
                LockSupport.park(this);
            }
        }
    }

    void thereAndBack() {
        caller = Thread.currentThread();
        asked = true;
        LockSupport.unpark(partner);
        while (asked) {
            LockSupport.park(this);
        }
    }
}
