package org.cardcage.pci.internal;

import java.util.concurrent.RejectedExecutionException;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.machine.ErrorSeverity;
import org.cardcage.machine.Lane;

/**
 * What functions want: to be woken, to be recovered from an error, to be taken out of use. That waits for drivers, so it has
 * a lane of its own.
 *
 * <p>Threads: called on the lane of the {@link PciTopology}.
 */
final class FunctionEvents implements AutoCloseable {

    /** What is done about it, each in its own time. */
    interface Handling {

        void resume(CancelToken cancel);

        void recover(PciFunction failed, boolean fatal);

        void remove(PciFunction function);
    }

    private final Kernel kernel;
    private final Handling handling;
    private final Lane errands;

    FunctionEvents(Kernel kernel, Handling handling) {
        this.kernel = kernel;
        this.handling = handling;
        this.errands = kernel.scheduler().lane("pci/errands");
    }

    /** A function wants the machine to wake up. */
    void wakeRequested(PciFunction function) {
        if (!function.isCutOff() && function.power().takeWakeRequest()) {
            function.log().info("PME: wake-up requested");
            errand(() -> {
                try (Patience patience = new Patience(kernel)) {
                    handling.resume(patience.token());
                }
            });
        }
    }

    /** The machine has seen an error of a function. */
    void errorReported(PciFunction function, ErrorSeverity severity) {
        switch (severity) {
            case CORRECTABLE -> function.log().warn("AER: Corrected error received");
            case NON_FATAL -> function.log().warn("AER: Uncorrected (Non-Fatal) error received");
            case FATAL -> function.log().error("AER: Uncorrected (Fatal) error received");
        }
        function.clearErrors();
        if (severity != ErrorSeverity.CORRECTABLE) {
            errand(() -> handling.recover(function, severity == ErrorSeverity.FATAL));
        }
    }

    /** Somebody asks for the card to be taken out of use before it is pulled. */
    void ejectWanted(PciFunction function) {
        errand(() -> {
            function.log().info("is taken out of use, for its card to be pulled");
            try {
                handling.remove(function);
            } catch (KernelException e) {
                function.log().warn("cannot be pulled yet: {}", e.getMessage());
            }
        });
    }

    private void errand(Runnable task) {
        try {
            errands.execute(task);
        } catch (RejectedExecutionException e) {
            kernel.logger("pci").info("an event came after the end of the bus and is dropped");
        }
    }

    @Override
    public void close() {
        errands.close();
    }
}
