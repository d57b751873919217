package org.cardcage.shell.internal.gogo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.gogo.runtime.Parser.Array;
import org.apache.felix.gogo.runtime.Parser.Closure;
import org.apache.felix.gogo.runtime.Parser.Executable;
import org.apache.felix.gogo.runtime.Parser.Program;
import org.apache.felix.gogo.runtime.Parser.Statement;
import org.apache.felix.gogo.runtime.SyntaxError;
import org.apache.felix.gogo.runtime.Token;

/**
 * {@code if}, {@code while}, {@code until} and {@code not} by the status of commands; Gogo's own look at values, which our
 * commands do not have.
 *
 * <p>Threads: immutable.
 *
 * @param word one of the four
 * @param branches conditions and what follows from them; one, or several of {@code if}
 * @param otherwise what stands behind {@code else}
 */
record Control(String word, List<Branch> branches, Optional<Program> otherwise) {

    static final String IF = "if";
    static final String UNTIL = "until";
    static final String NOT = "not";

    private static final Set<String> WORDS = Set.of(IF, "while", UNTIL, NOT);

    /**
     * A condition.
     *
     * @param then what is executed, nothing behind {@code not}
     */
    record Branch(Program condition, Optional<Program> then) {}

    /** Whether the command begins with one of the words. */
    static boolean is(Executable command) {
        return command instanceof Statement s
                && !s.tokens().isEmpty()
                && WORDS.contains(s.tokens().get(0).toString())
                && !(s.tokens().size() > 1 && Token.eq("=", s.tokens().get(1)));
    }

    /**
     * Takes the command apart if it is one of these.
     *
     * @throws SyntaxError if its words are not in order
     */
    static Optional<Control> of(Executable command) {
        return is(command) ? Optional.of(new Words((Statement) command).control()) : Optional.empty();
    }

    /**
     * The commands of <code>[ … ]</code>, a list for Gogo, where a command stands: those of {@code test}.
     *
     * @throws SyntaxError if it can be none
     */
    static Optional<Program> test(Executable command) {
        if (!isTest(command)) {
            return Optional.empty();
        }
        Token list = ((Statement) command).tokens().get(0);
        String text = list.toString();
        if (!text.matches("(?s)\\[\\s.*\\s]")) {
            throw error(list, "'" + text + "': blanks are needed inside [ ]");
        }
        Program program =
                new org.apache.felix.gogo.runtime.Parser("test " + text.substring(1, text.length() - 1)).program();
        if (program.tokens().size() != 1) {
            throw error(list, "'" + text + "' is no test");
        }
        return Optional.of(program);
    }

    static boolean isTest(Executable command) {
        return command instanceof Statement s
                && !s.tokens().isEmpty()
                && s.tokens().get(0) instanceof Array;
    }

    private static SyntaxError error(Token at, String message) {
        return new SyntaxError(at.line(), at.column(), message);
    }

    /** The words of a command, taken one after the other. */
    private static final class Words {

        private final List<Token> tokens;
        private int next = 1;

        Words(Statement statement) {
            tokens = statement.tokens();
        }

        Control control() {
            String word = tokens.get(0).toString();
            List<Branch> branches = new ArrayList<>();
            Optional<Program> otherwise = Optional.empty();
            if (word.equals(NOT)) {
                branches.add(new Branch(braces(), Optional.empty()));
            } else {
                branches.add(branch(word.equals(IF) ? "then" : "do"));
            }
            while (word.equals(IF) && skip("elif")) {
                branches.add(branch("then"));
            }
            if (word.equals(IF) && (skip("else") || next < tokens.size())) {
                otherwise = Optional.of(braces());
            }
            if (next < tokens.size()) {
                throw error(tokens.get(next), "unexpected word '" + tokens.get(next) + "' behind " + word);
            }
            return new Control(word, branches, otherwise);
        }

        private Branch branch(String between) {
            Program condition = braces();
            skip(between);
            return new Branch(condition, Optional.of(braces()));
        }

        private boolean skip(String word) {
            boolean there = next < tokens.size() && Token.eq(word, tokens.get(next));
            next += there ? 1 : 0;
            return there;
        }

        private Program braces() {
            if (next < tokens.size() && tokens.get(next) instanceof Closure braces) {
                next++;
                return braces.program();
            }
            throw error(tokens.get(0), "commands in { } expected behind " + tokens.get(next - 1));
        }
    }
}
