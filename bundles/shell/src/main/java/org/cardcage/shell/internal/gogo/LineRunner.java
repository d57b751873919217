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
    private static final String BREAK = "break";
    private static final String CONTINUE = "continue";
    private static final String TOO_DEEP = "commands are nested too deeply";

    private final KernelSession session;
    private final SessionState state;
    private final Globs globs;
    private int loops;
    private int conditions;
    /** The word that leaves the innermost loop or its round, until that is left. */
    private String leaving;

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
            program = new Parser(SessionState.withStatusVariable(Newlines.separated(text))).program();
            if (isOpen(program)) {
                return false;
            }
            Group.check(program);
        } catch (EOFError e) {
            return false;
        } catch (RuntimeException e) {
            // [ ] is a list for Gogo, which knows what can be in one before we see it
            boolean list = String.valueOf(e.getMessage()).contains("array");
            syntaxError(e.getMessage() + (list ? "; use test instead of [ ]" : ""));
            return true;
        } catch (StackOverflowError e) {
            syntaxError(TOO_DEEP);
            return true;
        }
        loops = 0;
        conditions = 0;
        leaving = null;
        try {
            run(program);
        } catch (StackOverflowError e) {
            syntaxError(TOO_DEEP);
        }
        return true;
    }

    /** Whether it ends with {@code &&} or {@code ||}, so that the next line belongs to it. */
    static boolean isOpen(Program program) {
        List<Executable> parts = program.tokens();
        Token last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
        return is(last, "&&") || is(last, "||");
    }

    private void run(Program program) {
        List<Executable> parts = program.tokens();
        for (int i = 0; i < parts.size() && goesOn(); i += 2) {
            Token before = i == 0 ? null : parts.get(i - 1);
            boolean skip = is(before, "&&") && status() != 0 || is(before, "||") && status() == 0;
            if (!skip) {
                boolean background = i + 1 < parts.size() && is(parts.get(i + 1), "&");
                runPart(program, parts.subList(i, background ? i + 2 : i + 1));
            }
        }
        if (session.isInterrupted()) {
            setStatus(Interrupted.STATUS);
        }
    }

    private boolean goesOn() {
        return !isEnding() && !session.isInterrupted() && leaving == null;
    }

    private void runPart(Program whole, List<Executable> part) {
        Executable command = part.get(0);
        Optional<Control> control = Control.of(command);
        Optional<Group> group = Group.of(command);
        Optional<Program> test = Control.test(command);
        if (control.isPresent()) {
            run(control.get());
        } else if (group.isPresent()) {
            run(group.get());
        } else if (test.isPresent()) {
            run(test.get());
        } else if (loops > 0 && (is(command, BREAK) || is(command, CONTINUE))) {
            leaving = command.toString();
            setStatus(0);
        } else {
            execute(whole, part);
        }
    }

    private void run(Control control) {
        if (control.word().equals(Control.NOT)) {
            boolean truth = holds(control.branches().get(0).condition());
            if (goesOn()) {
                setStatus(truth ? 1 : 0);
            }
        } else if (control.word().equals(Control.IF)) {
            choose(control);
        } else {
            loop(control.branches().get(0), !control.word().equals(Control.UNTIL));
        }
    }

    private void choose(Control control) {
        for (Control.Branch branch : control.branches()) {
            boolean truth = holds(branch.condition());
            if (!goesOn()) {
                return;
            }
            setStatus(0);
            if (truth) {
                branch.then().ifPresent(this::run);
                return;
            }
        }
        control.otherwise().ifPresent(this::run);
    }

    private void loop(Control.Branch branch, boolean wanted) {
        int status = 0;
        loops++;
        while (holds(branch.condition()) == wanted && goesOn()) {
            setStatus(0);
            branch.then().ifPresent(this::run);
            status = status();
            if (BREAK.equals(leaving)) {
                break;
            }
            leaving = null;
        }
        leaving = null;
        loops--;
        if (goesOn()) {
            setStatus(status);
        }
    }

    /** Whether the last command of a condition succeeds. */
    private boolean holds(Program condition) {
        conditions++;
        run(condition);
        conditions--;
        return status() == 0;
    }

    /** Of the values that Gogo's commands and expressions give in a condition. */
    private static boolean isTrue(Object value) {
        return value instanceof Boolean truth
                ? truth
                : value instanceof Number number
                        ? number.doubleValue() != 0
                        : !value.toString().isEmpty() && !value.toString().equals("0");
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
            } else if (result != null && conditions > 0 && !isAssignment(part.get(0))) {
                status = isTrue(result) ? 0 : 1;
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
