package org.cardcage.shell.internal.gogo;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.EnumSet;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.utils.NonBlockingInputStream;

/**
 * The keys of a terminal of the host. Ctrl-C stays a signal.
 *
 * @param terminal not a dumb one, whose mode cannot be changed
 */
record TerminalKeys(Terminal terminal) implements LineDiscipline.Keys {

    @Override
    public Runnable enter() {
        Attributes before = terminal.getAttributes();
        Attributes keyByKey = new Attributes(before);
        keyByKey.setLocalFlags(EnumSet.of(LocalFlag.ICANON, LocalFlag.ECHO, LocalFlag.IEXTEN), false);
        // JLine's own way to wait: a read that gives up after a tenth of a second, so that it sees an interrupt
        keyByKey.setControlChar(ControlChar.VMIN, 0);
        keyByKey.setControlChar(ControlChar.VTIME, 1);
        terminal.setAttributes(keyByKey);
        return () -> terminal.setAttributes(before);
    }

    @Override
    public int next() throws IOException {
        NonBlockingInputStream keys = (NonBlockingInputStream) terminal.input();
        int key = keys.peek(0);
        if (Thread.interrupted()) {
            throw new InterruptedIOException(); // the key came after Ctrl-C: it stays for the line editor
        }
        return key > 0 ? keys.read() : key;
    }

    @Override
    public int control(ControlChar meaning) {
        return terminal.getAttributes().getControlChar(meaning);
    }
}
