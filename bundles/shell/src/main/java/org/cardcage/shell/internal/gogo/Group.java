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
     * Looks for groups where they cannot be.
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
            Optional<Group> group = of(part);
            if (group.isEmpty()) {
                continue;
            }
            Statement statement = (Statement) part;
            if (statement.tokens().size() > 1) {
                throw error(statement, "unexpected word '" + statement.tokens().get(1) + "' behind ( ) or { }");
            }
            if (!statement.redirections().isEmpty()) {
                refuse(part, "a redirection");
            }
            if (i + 1 < parts.size() && Token.eq("&", parts.get(i + 1))) {
                refuse(part, "the background");
            }
            check(group.get().program());
        }
    }

    private static void refuse(Executable command, String place) {
        if (of(command).isPresent()) {
            throw error(command, "( ) and { } cannot be used with " + place);
        }
    }

    private static SyntaxError error(Token at, String message) {
        return new SyntaxError(at.line(), at.column(), message);
    }
}
