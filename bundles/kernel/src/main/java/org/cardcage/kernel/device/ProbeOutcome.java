package org.cardcage.kernel.device;

import java.util.Optional;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/**
 * How a probe ended; kept with the device so that it can be asked why it has no driver.
 *
 * @param kind the class of outcome
 * @param driver name of the driver asked, empty if none was
 * @param errno why it was refused
 * @param reason in words
 */
public record ProbeOutcome(Kind kind, String driver, Optional<Errno> errno, String reason) {

    /** The classes of outcome that Linux tells apart in {@code really_probe}. */
    public enum Kind {
        /** No driver has been asked. */
        NONE,
        /** The driver is bound. */
        BOUND,
        /** Not this driver's: ENODEV or ENXIO, said quietly. */
        NOT_MINE,
        /** The driver wants to be asked again when something has changed: EPROBE_DEFER, said quietly. */
        DEFERRED,
        /** The driver failed; the kernel log says so. */
        FAILED
    }

    /** As the one who has asked for the probe is told; ENODEV if the driver gave no errno. */
    KernelException asException() {
        Errno why = errno.orElse(Errno.ENODEV);
        String name = why.name() + ": ";
        return new KernelException(why, reason.startsWith(name) ? reason.substring(name.length()) : reason);
    }

    /** No driver has been asked. */
    public static final ProbeOutcome NONE = new ProbeOutcome(Kind.NONE, "", Optional.empty(), "");
}
