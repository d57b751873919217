package org.cardcage.shell.internal.command;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.cardcage.vfs.Credentials;

/**
 * One run of a command: its words and streams.
 *
 * <p>Threads: the one that runs the command.
 */
public final class Invocation {

    private static final int BUFFER = 8192;

    private final String name;
    private final List<String> arguments;
    private final InputStream in;
    private final OutputStream out;
    private final PrintStream err;
    private final ShellState shell;
    private final OptionalInt columns;

    /**
     * @param name the command, which error messages begin with
     * @param arguments the words after it
     * @param in standard input
     * @param out standard output; unlike a PrintStream it tells its errors
     * @param err where messages go
     * @param columns width of the terminal, if standard output is one
     */
    public Invocation(
            String name,
            List<String> arguments,
            InputStream in,
            OutputStream out,
            PrintStream err,
            ShellState shell,
            OptionalInt columns) {
        this.name = name;
        this.arguments = List.copyOf(arguments);
        this.in = in;
        this.out = columns.isPresent() ? new LineBuffer(out) : new BufferedOutputStream(out, BUFFER);
        this.err = err;
        this.shell = shell;
        this.columns = columns;
    }

    public List<String> arguments() {
        return arguments;
    }

    public InputStream in() {
        return in;
    }

    /** Standard output; what is in its buffer is written when the command has ended, on a terminal with each line. */
    public OutputStream out() {
        return out;
    }

    public ShellState shell() {
        return shell;
    }

    /** On whose behalf the command runs. */
    public Credentials credentials() {
        return shell.credentials();
    }

    /** Width of the terminal; empty if standard output is something else. */
    public OptionalInt columns() {
        return columns;
    }

    /** Writes text in UTF-8. */
    public void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a line in UTF-8. */
    public void println(String line) throws IOException {
        print(line + "\n");
    }

    /** Writes a line to standard error, after what has been printed. */
    public void message(String line) throws IOException {
        out.flush();
        warn(line);
    }

    /** Writes a line to standard error, whatever has become of standard output. */
    public void warn(String line) {
        err.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
        err.flush();
    }

    /** A message that begins with the name of the command. */
    public void complain(String text) throws IOException {
        message(name + ": " + text);
    }

    /** A name as coreutils writes it in messages: in quotes if a shell would need them. */
    static String quoted(String name) {
        return name.matches("[\\w/.,:+@%=-]+") ? name : "'" + name.replace("'", "'\\''") + "'";
    }

    /** The absolute form of a path that the user gave. */
    public String path(String word) {
        if (word.startsWith("/")) {
            return word;
        }
        String directory = shell.directory();
        return directory.endsWith("/") ? directory + word : directory + "/" + word;
    }

    /** Who sits at a terminal wants to see what a slow device has given so far. */
    private static final class LineBuffer extends BufferedOutputStream {

        LineBuffer(OutputStream out) {
            super(out, BUFFER);
        }

        @Override
        public synchronized void write(int b) throws IOException {
            super.write(b);
            if (b == '\n') {
                flush();
            }
        }

        @Override
        public synchronized void write(byte[] from, int offset, int length) throws IOException {
            super.write(from, offset, length);
            for (int i = offset + length - 1; i >= offset; i--) {
                if (from[i] == '\n') {
                    flush();
                    return;
                }
            }
        }
    }
}
