package org.cardcage.board.internal;

import java.util.Optional;
import org.cardcage.machine.ErrorSeverity;

/**
 * The registers of advanced error reporting (PCI Express 4.0 section 7.8.4). Status, masks and log survive a reset, so that
 * software can read them after it. Threads: guarded by the lock of the {@link Fabric}.
 */
final class AerRegisters {

    /** Correctable: something was received that is no packet. */
    static final int RECEIVER_ERROR = 1;
    /** Uncorrectable, not fatal unless software says so: no answer to a request. */
    static final int COMPLETION_TIMEOUT = 1 << 14;
    /** Uncorrectable, fatal unless software says otherwise: a packet that contradicts itself. */
    static final int MALFORMED_PACKET = 1 << 18;

    /** Interrupt cause of a root port: a message has come. */
    static final int ERROR = 1 << 2;

    private static final int UNCORRECTABLE_STATUS = 0x04;
    private static final int UNCORRECTABLE_MASK = 0x08;
    private static final int UNCORRECTABLE_SEVERITY = 0x0c;
    private static final int CORRECTABLE_STATUS = 0x10;
    private static final int CORRECTABLE_MASK = 0x14;
    private static final int CONTROL = 0x18;
    private static final int HEADER_LOG = 0x1c;
    private static final int ROOT_COMMAND = 0x2c;
    private static final int ROOT_STATUS = 0x30;
    private static final int ROOT_SOURCE = 0x34;
    private static final int END = 0x48;

    private static final int UNCORRECTABLE = 0x03ff_f030;
    private static final int UNCORRECTABLE_MASK_DEFAULT = 0x0040_0000;
    private static final int SEVERITY_DEFAULT = 0x0046_2030;
    private static final int CORRECTABLE = 0xf1c1;
    private static final int CORRECTABLE_MASK_DEFAULT = 0xe000;
    private static final int FIRST_ERROR = 0x1f;

    private static final int ROOT_CORRECTABLE = 1;
    private static final int ROOT_SEVERAL_CORRECTABLE = 1 << 1;
    private static final int ROOT_UNCORRECTABLE = 1 << 2;
    private static final int ROOT_SEVERAL_UNCORRECTABLE = 1 << 3;
    private static final int ROOT_FIRST_FATAL = 1 << 4;
    private static final int ROOT_NON_FATAL = 1 << 5;
    private static final int ROOT_FATAL = 1 << 6;

    private final ConfigBytes bytes;
    private final int at;

    AerRegisters(ConfigBytes bytes, int at, boolean rootPort) {
        this.bytes = bytes;
        this.at = at;
        for (int i = 4; i < END; i += 4) {
            bytes.define(at + i, 4, 0);
        }
        bytes.define(at + UNCORRECTABLE_STATUS, 4, 0, 0, UNCORRECTABLE);
        bytes.define(at + UNCORRECTABLE_MASK, 4, UNCORRECTABLE_MASK_DEFAULT, UNCORRECTABLE, 0);
        bytes.define(at + UNCORRECTABLE_SEVERITY, 4, SEVERITY_DEFAULT, UNCORRECTABLE, 0);
        bytes.define(at + CORRECTABLE_STATUS, 4, 0, 0, CORRECTABLE);
        bytes.define(at + CORRECTABLE_MASK, 4, CORRECTABLE_MASK_DEFAULT, CORRECTABLE, 0);
        for (int i = UNCORRECTABLE_STATUS; i < HEADER_LOG; i += 4) {
            bytes.keep(at + i, 4, -1);
        }
        if (rootPort) {
            bytes.define(at + ROOT_COMMAND, 4, 0, 7, 0);
            bytes.define(at + ROOT_STATUS, 4, 0, 0, 0x7f);
            bytes.keep(at + ROOT_STATUS, 4, -1);
        }
    }

    /**
     * Logs an uncorrectable error.
     *
     * @param error a bit of the uncorrectable error status register
     * @return the severity of the message that goes to the root port; empty if the error is masked
     */
    Optional<ErrorSeverity> uncorrectable(int error) {
        int reported = ~bytes.read(at + UNCORRECTABLE_MASK, 4);
        boolean first = !bytes.has(at + UNCORRECTABLE_STATUS, 4, reported);
        bytes.set(at + UNCORRECTABLE_STATUS, 4, error & UNCORRECTABLE, true);
        if (bytes.has(at + UNCORRECTABLE_MASK, 4, error)) {
            return Optional.empty();
        }
        if (first) {
            int control = bytes.read(at + CONTROL, 4) & ~FIRST_ERROR;
            bytes.set(at + CONTROL, 4, control | Integer.numberOfTrailingZeros(error));
        }
        return Optional.of(
                bytes.has(at + UNCORRECTABLE_SEVERITY, 4, error) ? ErrorSeverity.FATAL : ErrorSeverity.NON_FATAL);
    }

    /**
     * Logs a correctable error.
     *
     * @param error a bit of the correctable error status register
     * @return as for {@link #uncorrectable}
     */
    Optional<ErrorSeverity> correctable(int error) {
        bytes.set(at + CORRECTABLE_STATUS, 4, error & CORRECTABLE, true);
        return bytes.has(at + CORRECTABLE_MASK, 4, error) ? Optional.empty() : Optional.of(ErrorSeverity.CORRECTABLE);
    }

    /**
     * In a root port: takes a message (PCI Express 4.0 section 6.2.4.1).
     *
     * @param source the requester id of the function that has sent it
     */
    void receive(ErrorSeverity message, int source) {
        boolean correctable = message == ErrorSeverity.CORRECTABLE;
        int one = correctable ? ROOT_CORRECTABLE : ROOT_UNCORRECTABLE;
        int several = correctable ? ROOT_SEVERAL_CORRECTABLE : ROOT_SEVERAL_UNCORRECTABLE;
        boolean first = !bytes.has(at + ROOT_STATUS, 4, one);
        int status = bytes.read(at + ROOT_STATUS, 4) | (first ? one : several);
        if (message == ErrorSeverity.FATAL) {
            status |= ROOT_FATAL | (first ? ROOT_FIRST_FATAL : 0);
        } else if (message == ErrorSeverity.NON_FATAL) {
            status |= ROOT_NON_FATAL;
        }
        bytes.set(at + ROOT_STATUS, 4, status);
        if (first) {
            bytes.set(at + ROOT_SOURCE + (correctable ? 0 : 2), 2, source);
        }
    }

    /** {@link #ERROR} if a message is shown for which software wants an interrupt (PCI Express 4.0 section 6.2.4.1.2). */
    int interrupts() {
        int status = bytes.read(at + ROOT_STATUS, 4);
        int shown = (status & ROOT_CORRECTABLE) != 0 ? 1 << ErrorSeverity.CORRECTABLE.ordinal() : 0;
        shown |= (status & ROOT_NON_FATAL) != 0 ? 1 << ErrorSeverity.NON_FATAL.ordinal() : 0;
        shown |= (status & ROOT_FATAL) != 0 ? 1 << ErrorSeverity.FATAL.ordinal() : 0;
        return bytes.has(at + ROOT_COMMAND, 4, shown) ? ERROR : 0;
    }
}
