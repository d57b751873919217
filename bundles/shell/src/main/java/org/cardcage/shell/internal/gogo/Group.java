package org.cardcage.shell.internal.gogo;

import java.util.List;
import java.util.Optional;
import org.apache.felix.gogo.runtime.Parser.Closure;
import org.apache.felix.gogo.runtime.Parser.Executable;
import org.apache.felix.gogo.runtime.Parser.Pipeline;
import org.apache.felix.gogo.runtime.Parser.Program;
import org.apache.felix.gogo.runtime.Parser.Sequence;
import org.apache.felix.gogo.runtime.Parser.Statement;
import org.apache.felix.gogo.runtime.SyntaxError;
import org.apache.felix.gogo.runtime.Token;

/**
 * Commands in {@code ( )} or <code>{ }</code> where a command stands. For Gogo these are values; for people they are commands
 * that belong together. They cannot be piped or redirected.
 *
 * <p>Threads: immutable.
 *
 * @param program the commands
 * @param subshell whether they stand in {@code ( )}, so that what {@code cd}, assignments and {@code exit} among
 *     them bring about ends with them
 */
record Group(Program program, boolean subshell) {

    /** The group that the command is, if it is one. */
    static Optional<Group> of(Executable command) {
        Token first = command instanceof Statement s && !s.tokens().isEmpty()
                ? s.tokens().get(0)
                : null;
        if (first instanceof Sequence parentheses) {
            return Optional.of(new Group(parentheses.program(), true));
        }
        return first instanceof Closure braces ? Optional.of(new Group(braces.program(), false)) : Optional.empty();
    }

    /**
     * Looks for what cannot be where it is: groups, {@code if} and its like, and <code>[ ]</code>.
     *
     * @throws SyntaxError if there is one
     */
    static void check(Program program) {
        List<Executable> parts = program.tokens();
        for (int i = 0; i < parts.size(); i += 2) {
            Executable part = parts.get(i);
            if (part instanceof Pipeline p) {
                p.tokens().forEach(element -> refuse(element, "a pipe"));
            }
            if (isOurs(part)) {
                if (!((Statement) part).redirections().isEmpty()) {
                    refuse(part, "a redirection");
                }
                if (i + 1 < parts.size() && Token.eq("&", parts.get(i + 1))) {
                    refuse(part, "the background");
                }
                checkWords((Statement) part);
            } else if (part instanceof Statement statement) {
                statement.tokens().forEach(Group::checkValue);
            }
        }
    }

    private static void checkWords(Statement statement) {
        Optional<Control> control = Control.of(statement);
        if (control.isPresent()) {
            control.get().branches().forEach(branch -> {
                check(branch.condition());
                branch.then().ifPresent(Group::check);
            });
            control.get().otherwise().ifPresent(Group::check);
            return;
        }
        if (statement.tokens().size() > 1) {
            throw error(
                    statement,
                    "unexpected word '" + statement.tokens().get(1) + "' behind "
                            + (Control.isTest(statement) ? "[ ]" : "( ) or { }"));
        }
        Control.test(statement);
        of(statement).ifPresent(group -> check(group.program()));
    }

    /** Braces that are a value, as behind {@code each}, are executed by Gogo, which would make a value of what is ours. */
    private static void checkValue(Token token) {
        Program program = token instanceof Closure c ? c.program() : token instanceof Sequence s ? s.program() : null;
        if (program == null) {
            return;
        }
        for (Executable part : program.tokens()) {
            List<Executable> elements = part instanceof Pipeline p ? p.tokens() : List.of(part);
            for (Executable element : elements) {
                if (Control.is(element) || Control.isTest(element)) {
                    refuse(
                            element,
                            "commands of Gogo that take { } or ( ), and in functions; use test, && and || there");
                }
                if (element instanceof Statement s) {
                    s.tokens().forEach(Group::checkValue);
                }
            }
        }
    }

    private static boolean isOurs(Executable command) {
        return of(command).isPresent() || Control.is(command) || Control.isTest(command);
    }

    private static void refuse(Executable command, String place) {
        if (isOurs(command)) {
            String what = Control.isTest(command)
                    ? "[ ]"
                    : Control.is(command)
                            ? ((Statement) command).tokens().get(0).toString()
                            : "( ) and { }";
            throw error(command, what + " cannot be used with " + place);
        }
    }

    private static SyntaxError error(Token at, String message) {
        return new SyntaxError(at.line(), at.column(), message);
    }
}
