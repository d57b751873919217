package org.cardcage.shell.internal.gogo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.utils.WCWidth;

/**
 * What a command reads from the terminal: lines, with echo, erasing and Ctrl-D as in the ordinary mode of the kernel's line
 * discipline ({@code n_tty}). That mode itself does not do, since JLine takes its end of input for a key that has not come
 * yet, and since a read in it cannot be interrupted and would take the next key from the line editor.
 *
 * <p>Threads: any; {@code this} is held while one reads, so that others wait for their turn.
 */
final class LineDiscipline extends InputStream {

    /** The keys of a terminal. */
    interface Keys {

        /** Has each key come at once and without an echo, until the result is run. */
        Runnable enter();

        /**
         * Waits for a key.
         *
         * @return a byte, or -1 if the terminal is gone
         * @throws InterruptedIOException if the thread is interrupted
         */
        int next() throws IOException;

        /** The key with this meaning, or -1 if there is none. */
        int control(ControlChar meaning);
    }

    private static final int BACKSPACE = 8;

    private final Keys keys;
    private final OutputStream echo;
    private byte[] line = new byte[0];
    private int taken;

    /** @param echo where typed characters are shown */
    LineDiscipline(Keys keys, OutputStream echo) {
        this.keys = keys;
        this.echo = echo;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Bytes of one line at most; -1 for Ctrl-D at the beginning of a line, after which one may read on. */
    @Override
    public synchronized int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (taken == line.length) {
            line = readLine();
            taken = 0;
        }
        int n = Math.min(length, line.length - taken);
        System.arraycopy(line, taken, to, offset, n);
        taken += n;
        return n == 0 ? -1 : n;
    }

    /**
     * Waits until nobody reads any more, and forgets the rest of the line: a command that was interrupted needs a moment until
     * it has left the terminal.
     */
    synchronized void discard() {
        taken = line.length;
    }

    private byte[] readLine() throws IOException {
        Runnable restore = keys.enter();
        ByteArrayOutputStream typed = new ByteArrayOutputStream();
        try {
            while (true) {
                int key = keys.next();
                if (key < 0 || key == keys.control(ControlChar.VEOF)) {
                    return typed.toByteArray();
                }
                if (key == '\n') {
                    typed.write(key);
                    show("\n");
                    return typed.toByteArray();
                }
                if (!erases(key, typed)) {
                    typed.write(key);
                    show(key);
                }
            }
        } catch (InterruptedIOException e) {
            show("^C");
            throw e;
        } finally {
            restore.run();
        }
    }

    private boolean erases(int key, ByteArrayOutputStream typed) throws IOException {
        String text = typed.toString(StandardCharsets.UTF_8);
        int keep;
        if (key == keys.control(ControlChar.VERASE) || key == BACKSPACE) {
            keep = text.isEmpty() ? 0 : text.offsetByCodePoints(text.length(), -1);
        } else if (key == keys.control(ControlChar.VWERASE)) {
            keep = text.stripTrailing().lastIndexOf(' ') + 1;
        } else if (key == keys.control(ControlChar.VKILL)) {
            keep = 0;
        } else {
            return false;
        }
        typed.reset();
        typed.writeBytes(text.substring(0, keep).getBytes(StandardCharsets.UTF_8));
        int columns =
                text.substring(keep).codePoints().map(LineDiscipline::columns).sum();
        show("\b \b".repeat(columns));
        return true;
    }

    private static int columns(int character) {
        return isShown(character) ? Math.max(0, WCWidth.wcwidth(character)) : 2;
    }

    private static boolean isShown(int character) {
        return character >= ' ' && character != 127;
    }

    private void show(int key) throws IOException {
        if (isShown(key)) {
            echo.write(key);
            echo.flush();
        } else {
            show("^" + (char) (key ^ 0x40));
        }
    }

    private void show(String text) throws IOException {
        echo.write(text.getBytes(StandardCharsets.UTF_8));
        echo.flush();
    }
}
