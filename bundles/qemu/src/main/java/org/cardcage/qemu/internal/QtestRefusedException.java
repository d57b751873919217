package org.cardcage.qemu.internal;

import java.io.IOException;

/** QEMU has answered FAIL to one command. Nothing is wrong with the connection. */
public final class QtestRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    QtestRefusedException(String command, String words) {
        super("QEMU refuses '" + command + "': " + words);
    }
}
