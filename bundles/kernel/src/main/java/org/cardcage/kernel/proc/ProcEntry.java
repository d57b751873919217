package org.cardcage.kernel.proc;

import java.util.function.Supplier;

/** What is behind a path of {@code /proc}. */
public sealed interface ProcEntry {

    /** Permission bits. */
    int mode();

    /** A text that is made anew each time the file is opened. */
    record Text(int mode, Supplier<String> text) implements ProcEntry {}

    /** Something with reads and writes of its own. */
    record Bytes(int mode, ProcFile file) implements ProcEntry {}
}
