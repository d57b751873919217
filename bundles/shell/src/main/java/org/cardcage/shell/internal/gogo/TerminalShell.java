package org.cardcage.shell.internal.gogo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.felix.gogo.jline.Expander;
import org.apache.felix.gogo.jline.Highlighter;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Job;
import org.cardcage.shell.internal.command.Command;
import org.cardcage.shell.internal.command.Interrupted;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.Signals;

/**
 * The shell on a terminal: a line editor with history and completion, Ctrl-C for the running command.
 *
 * <p>Threads: one runs it; {@link #close} may come from another one, signals from the terminal's.
 */
public final class TerminalShell implements AutoCloseable {

    private static final String DEFAULT_PROMPT = "cardcage> ";

    private final Terminal terminal;
    /** What commands read; of a dumb terminal they read the keys. */
    private final Optional<LineDiscipline> lines;

    private final KernelSession session;
    private final LineRunner runner;
    private final LineReader reader;
    private volatile boolean closed;

    /**
     * Opens the terminal of the process.
     *
     * @param commands those whose words are completed
     * @param directory the working directory to begin with
     * @param history the file of the host that keeps the lines typed
     */
    public TerminalShell(CommandProcessorImpl processor, List<Command> commands, Path directory, Path history)
            throws IOException {
        terminal = TerminalBuilder.builder()
                .name("cardcage")
                .system(true)
                .nativeSignals(true)
                .signalHandler(Terminal.SignalHandler.SIG_IGN)
                .build();
        lines = terminal.getType().startsWith(Terminal.TYPE_DUMB)
                ? Optional.empty()
                : Optional.of(new LineDiscipline(new TerminalKeys(terminal), terminal.output()));
        InputStream in = lines.<InputStream>map(l -> l).orElse(terminal.input());
        session = new KernelSession(processor, in, terminal.output(), terminal.output(), directory);
        runner = new LineRunner(session);
        session.put(Shell.VAR_TERMINAL, terminal);
        session.put(Shell.VAR_PROCESSOR, processor);
        session.put(Shell.VAR_SESSION, session);
        session.put(Shell.VAR_COMPLETIONS, new HashMap<>());
        session.put(LineReader.HISTORY_FILE, history);
        define("TERM", (s, words) -> terminal.getType());
        define("COLUMNS", (s, words) -> terminal.getWidth() > 0 ? terminal.getWidth() : 80);
        define("LINES", (s, words) -> terminal.getHeight());
        define("PWD", (s, words) -> s.currentDir().toString());
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .variables(session.getVariables())
                .completer(new CommandCompleter(session, commands, new SessionCompleter(session)))
                .highlighter(new Highlighter(session))
                .parser(new LineParser())
                .expander(new Expander(session))
                .build();
        reader.setOpt(LineReader.Option.AUTO_FRESH_LINE);
        session.put(Shell.VAR_READER, reader);
        session.setJobListener(this::tell);
    }

    /** A variable that is computed whenever it is read. */
    private void define(String name, Function value) {
        session.put("#" + name, value);
    }

    /** Executes a profile; its errors are shown and change nothing else. */
    public void profile(CharSequence text) {
        if (!runner.run(text)) {
            runner.syntaxError("unexpected end of the profile");
        }
        runner.setStatus(0);
    }

    /** Shows a line without disturbing what is being typed. */
    public void showLine(String line) {
        if (!closed) {
            reader.printAbove(line);
        }
    }

    /**
     * Reads and executes until {@code exit}, Ctrl-D or {@link #close}.
     *
     * @return the exit status
     */
    public int run() {
        terminal.handle(Terminal.Signal.INT, signal -> session.interrupt());
        if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
            // JLine takes no signals for a dumb terminal, and the JVM would end
            Signals.register(Terminal.Signal.INT.name(), session::interrupt);
        }
        while (!runner.isEnding() && !closed) {
            try {
                session.forgetInterrupt();
                String line = reader.readLine(prompt());
                if (!runner.run(line)) {
                    runner.syntaxError("unexpected end of line");
                }
                lines.ifPresent(LineDiscipline::discard);
                if (runner.status() == Interrupted.STATUS) {
                    terminal.writer().println();
                    terminal.flush();
                }
            } catch (UserInterruptException e) {
                runner.setStatus(Interrupted.STATUS);
            } catch (EndOfFileException e) {
                break;
            } catch (RuntimeException | StackOverflowError e) { // a fault of the line editor must not end the shell
                session.message(Failure.of(e, "/").text());
            }
        }
        return runner.status();
    }

    private String prompt() {
        String prompt = Shell.getPrompt(session);
        return session.get(Shell.VAR_PROMPT) == null ? DEFAULT_PROMPT : prompt;
    }

    /** A job in the background has changed. */
    private void tell(Job job, Job.Status before, Job.Status now) {
        if (before == Job.Status.Background) {
            showLine("[" + job.id() + "]  " + now.name().toLowerCase(Locale.ROOT) + "  " + job.command());
        }
    }

    /** Gives the terminal back as it was. */
    @Override
    public void close() throws IOException {
        closed = true;
        runner.stop();
        session.close();
        terminal.close();
    }
}
