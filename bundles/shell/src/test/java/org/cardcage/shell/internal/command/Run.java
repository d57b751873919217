package org.cardcage.shell.internal.command;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.cardcage.vfs.Credentials;

/**
 * What a run of a command has given.
 *
 * @param text standard output
 * @param errors standard error
 */
public record Run(int status, String text, String errors) {

    /** Runs a command in the root directory. */
    public static Run of(Command command, String... words) {
        return onTerminal(OptionalInt.empty(), command, words);
    }

    static Run onTerminal(OptionalInt columns, Command command, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Invocation call = new Invocation(
                command.help().name(),
                List.of(words),
                new ByteArrayInputStream("typed\n".getBytes(StandardCharsets.UTF_8)),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new FakeShell(),
                columns);
        try {
            int status = command.run(call);
            call.out().flush();
            return new Run(status, out.toString(StandardCharsets.ISO_8859_1), err.toString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class FakeShell implements ShellState {

        private Credentials who = Credentials.ROOT;

        @Override
        public String directory() {
            return "/";
        }

        @Override
        public void changeDirectory(String path) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Credentials credentials() {
            return who;
        }

        @Override
        public void become(Credentials other) {
            who = other;
        }

        @Override
        public void exit(int status) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int status() {
            return 0;
        }
    }
}
