package org.cardcage.board.internal;

/** The error messages of PCI Express (PCI Express 4.0 section 2.2.8.3). */
enum AerMessage {
    /** The error is masked: no message. */
    NONE(0),
    CORRECTABLE(1),
    NON_FATAL(2),
    FATAL(4);

    private final int rootCommand;

    AerMessage(int rootCommand) {
        this.rootCommand = rootCommand;
    }

    /** The bit of the root error command register that asks for an interrupt. */
    int rootCommand() {
        return rootCommand;
    }
}
