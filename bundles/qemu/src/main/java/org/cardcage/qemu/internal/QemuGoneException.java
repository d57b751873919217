package org.cardcage.qemu.internal;

import java.io.IOException;

/** The QEMU process has ended, has been ended, or does not answer. The message says which and what it printed last. */
public final class QemuGoneException extends IOException {

    private static final long serialVersionUID = 1L;

    QemuGoneException(String message) {
        super(message);
    }

    QemuGoneException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
