package org.cardcage.device;

import java.util.concurrent.Executor;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a powered function can do to the world. Threads: any. A call may come back into the model on the same thread.
 */
@ProviderType
public interface FunctionPorts {

    /** The function as bus master. */
    DmaPort dma();

    /** Whether message-signalled interrupts are enabled just now, in which case a function must not use its pin. */
    boolean messagesEnabled();

    /**
     * Sends the message of a vector, as bus master. Lost if messages or bus mastering are disabled.
     *
     * @param vector from 0; below the number in the description
     */
    void signal(int vector);

    /**
     * Asserts or drops the interrupt pin. Whether the machine sees it also depends on the INTx disable bit. Repeating a
     * level changes nothing.
     */
    void setPin(boolean asserted);

    /**
     * The same for who calls from several threads without a lock: a call that comes after one with a higher number changes
     * nothing. A carrier on which calls cannot overtake one another need not implement it.
     *
     * @param order positive, higher than that of each call for an earlier state
     */
    default void setPin(boolean asserted, long order) {
        setPin(asserted);
    }

    /**
     * Asks the machine to wake up, by the power management event (PCI Power Management 1.2 section 3.2.4), if the
     * function's power state allows it and software wants it. Software takes the request back.
     */
    void wake();

    /** Time of the machine. */
    DeviceClock clock();

    /** Runs work off the caller's thread; what the function submits runs in order. */
    Executor executor();

    /** Says something to whoever runs the machine; for what a real card could not say. */
    void report(String message);
}
