package org.cardcage.shell.internal.gogo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.felix.gogo.runtime.Closure;
import org.apache.felix.gogo.runtime.EOFError;
import org.apache.felix.gogo.runtime.Parser;
import org.apache.felix.gogo.runtime.Parser.Executable;
import org.apache.felix.gogo.runtime.Parser.Program;
import org.apache.felix.gogo.runtime.Token;
import org.apache.felix.service.command.Converter;
import org.cardcage.shell.internal.command.Interrupted;
import org.cardcage.shell.internal.command.NotFound;

/**
 * Executes lines as bash would: what follows a failed command behind {@code ;} is executed all the same, {@code &&} and
 * {@code ||} look at the status, and every error is a line on standard error. The parser is Gogo's.
 *
 * <p>Threads: one, but for {@link #stop}.
 */
public final class LineRunner {

    private static final int SYNTAX = 2;
    private static final String TOO_DEEP = "commands are nested too deeply";

    private final KernelSession session;
    private final SessionState state;
    private final Globs globs;
    private volatile boolean stopped;

    public LineRunner(KernelSession session) {
        this.session = session;
        this.state = new SessionState(session);
        this.globs = new Globs(session);
    }

    /** Status of the last command. */
    public int status() {
        return state.exitStatus().orElse(state.status());
    }

    void setStatus(int status) {
        state.setStatus(status);
    }

    /** Whether a command has asked for the end, or {@link #stop} was called. */
    public boolean isEnding() {
        return stopped || state.exitStatus().isPresent();
    }

    /** Executes nothing any more; from any thread. */
    public void stop() {
        stopped = true;
    }

    /**
     * Executes one or more lines.
     *
     * @return false, and nothing done, if the text ends in the middle of a construct
     */
    public boolean run(CharSequence text) {
        Program program;
        try {
            program = new Parser(SessionState.withStatusVariable(text)).program();
            Group.check(program);
        } catch (EOFError e) {
            return false;
        } catch (RuntimeException e) {
            syntaxError(e.getMessage());
            return true;
        } catch (StackOverflowError e) {
            syntaxError(TOO_DEEP);
            return true;
        }
        try {
            run(program);
        } catch (StackOverflowError e) {
            syntaxError(TOO_DEEP);
        }
        return true;
    }

    private void run(Program program) {
        List<Executable> parts = program.tokens();
        for (int i = 0; i < parts.size() && !isEnding() && !session.isInterrupted(); i += 2) {
            Token before = i == 0 ? null : parts.get(i - 1);
            boolean skip = is(before, "&&") && status() != 0 || is(before, "||") && status() == 0;
            if (!skip) {
                boolean background = i + 1 < parts.size() && is(parts.get(i + 1), "&");
                Optional<Group> group = Group.of(parts.get(i));
                if (group.isPresent()) {
                    run(group.get());
                } else {
                    execute(program, parts.subList(i, background ? i + 2 : i + 1));
                }
            }
        }
        if (session.isInterrupted()) {
            setStatus(Interrupted.STATUS);
        }
    }

    private void run(Group group) {
        if (!group.subshell()) {
            run(group.program());
            return;
        }
        Path directory = session.currentDir();
        Map<String, Object> variables = session.variables();
        run(group.program());
        state.endSubshell();
        int status = state.status();
        session.currentDir(directory);
        session.restore(variables);
        setStatus(status);
    }

    /** Says that the text cannot be parsed. */
    void syntaxError(String why) {
        session.message(NotFound.SHELL + ": syntax error: " + why);
        setStatus(SYNTAX);
    }

    private static boolean is(Token token, String text) {
        return token != null && Token.eq(text, token);
    }

    private void execute(Program whole, List<Executable> part) {
        if (part.get(0) instanceof Parser.Statement s
                && s.tokens().isEmpty()
                && s.redirections().isEmpty()) {
            return;
        }
        session.forgetResult();
        try {
            List<Executable> commands = new ArrayList<>(part);
            commands.set(0, globs.expand(part.get(0)));
            Object result = session.execute(new Program(whole, commands));
            session.awaitForeground();
            int status = session.resultStatus();
            if (result instanceof Boolean truth && truth.toString().contentEquals(part.get(0))) {
                // Gogo takes the words true and false for values, not for commands
                status = truth ? 0 : 1;
            } else if (result != null && !isAssignment(part.get(0))) {
                print(result);
            }
            setStatus(status);
        } catch (Exception e) {
            Failure failure = Failure.of(e, state.directory());
            if (!failure.text().isEmpty() && !stopped) {
                session.message(failure.text());
            }
            setStatus(failure.status());
        } finally {
            session.put(Closure.PIPE_EXCEPTION, null);
        }
    }

    private static boolean isAssignment(Executable command) {
        return command instanceof Parser.Statement s
                && s.tokens().size() > 1
                && is(s.tokens().get(1), "=");
    }

    private void print(Object result) {
        session.put("_", result);
        session.getConsole().println(session.format(result, Converter.INSPECT));
        session.getConsole().flush();
    }
}
