package org.cardcage.shell.internal.gogo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Executes a script line by line. It takes no more of its stream than the lines it executes, so that commands can read the
 * rest, as with bash.
 *
 * <p>Threads: one.
 */
public final class ScriptRunner {

    private final LineRunner runner;

    public ScriptRunner(LineRunner runner) {
        this.runner = runner;
    }

    /**
     * Runs to the end of the script, or until a command asks for the end or the thread is interrupted.
     *
     * @return the exit status
     */
    public int run(InputStream script) throws IOException {
        StringBuilder pending = new StringBuilder();
        while (!runner.isEnding() && !Thread.currentThread().isInterrupted()) {
            String line = readLine(script);
            if (line == null) {
                break;
            }
            pending.append(pending.length() > 0 ? "\n" : "").append(line);
            if (runner.run(pending)) {
                pending.setLength(0);
            }
        }
        if (pending.length() > 0 && !runner.isEnding()) {
            runner.syntaxError("unexpected end of file");
        }
        return runner.status();
    }

    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        while (b >= 0 && b != '\n') {
            line.write(b);
            b = in.read();
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
