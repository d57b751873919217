package org.cardcage.shell.internal.gogo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.felix.gogo.runtime.Closure;
import org.apache.felix.gogo.runtime.Expander;
import org.apache.felix.gogo.runtime.Parser.Executable;
import org.apache.felix.gogo.runtime.Parser.Pipeline;
import org.apache.felix.gogo.runtime.Parser.Statement;
import org.apache.felix.gogo.runtime.Token;

/**
 * Leaves a pattern that matches no file as it is, as bash does; Gogo would refuse the whole line. Only words without quotes
 * and variables are looked at.
 *
 * <p>Threads: one.
 */
final class Globs {

    private static final Pattern PLAIN = Pattern.compile("[^\\s'\"\\\\$%{}()<>|~=]*");

    private final KernelSession session;

    Globs(KernelSession session) {
        this.session = session;
    }

    /** The same command with quotes around the words that match nothing. */
    Executable quoteUnmatched(Executable command) throws Exception {
        if (command instanceof Statement s) {
            return statement(s);
        }
        if (command instanceof Pipeline p) {
            List<Executable> parts = new ArrayList<>();
            for (Executable part : p.tokens()) {
                parts.add(quoteUnmatched(part));
            }
            return new Pipeline(p, parts);
        }
        return command;
    }

    private Statement statement(Statement s) throws Exception {
        List<Token> words = new ArrayList<>();
        for (Token word : s.tokens()) {
            boolean literal = isPattern(word) && !matches(word);
            words.add(literal ? new Token("'" + word + "'") : word);
        }
        return new Statement(s, words, s.redirections());
    }

    private static boolean isPattern(Token word) {
        return word.getClass() == Token.class
                && word.toString().matches(".*[*?].*")
                && PLAIN.matcher(word).matches();
    }

    private boolean matches(Token word) throws Exception {
        try {
            Expander.expand(word, new Closure(session, null, (CharSequence) ""));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
