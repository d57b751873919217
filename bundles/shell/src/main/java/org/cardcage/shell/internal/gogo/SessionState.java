package org.cardcage.shell.internal.gogo;

import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.cardcage.shell.internal.command.ShellState;
import org.cardcage.vfs.Credentials;

/**
 * What a session keeps for its commands, in its own directory and variables, so that it works for every Gogo session.
 *
 * <p>Threads: any.
 */
final class SessionState implements ShellState {

    private static final String EXIT = ".cardcage.exit";

    private static final String CREDENTIALS = ".cardcage.credentials";

    private static final String STATUS = "status";

    private final CommandSession session;

    SessionState(CommandSession session) {
        this.session = session;
    }

    /**
     * Makes {@code $?} a variable that Gogo knows, but not between single quotes or behind a backslash.
     */
    static String withStatusVariable(CharSequence text) {
        StringBuilder result = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean followed = i + 1 < text.length();
            if (c == '\\' && quote != '\'' && followed) {
                result.append(c);
                c = text.charAt(++i);
            } else if (c == '$' && quote != '\'' && followed && text.charAt(i + 1) == '?') {
                result.append("${").append(STATUS);
                c = '}';
                i++;
            } else if ((c == '\'' || c == '"') && (quote == 0 || quote == c)) {
                quote = quote == 0 ? c : 0;
            }
            result.append(c);
        }
        return result.toString();
    }

    @Override
    public String directory() {
        return session.currentDir().toString();
    }

    @Override
    public void changeDirectory(String path) {
        session.currentDir(session.currentDir().getFileSystem().getPath(path));
    }

    @Override
    public Credentials credentials() {
        return session.get(CREDENTIALS) instanceof Credentials who ? who : Credentials.ROOT;
    }

    @Override
    public void become(Credentials who) {
        session.put(CREDENTIALS, who);
    }

    @Override
    public void exit(int status) {
        session.put(EXIT, status);
    }

    /** The status that {@link #exit} was called with. */
    Optional<Integer> exitStatus() {
        return Optional.ofNullable((Integer) session.get(EXIT));
    }

    /** An {@link #exit} among commands in parentheses ends these only. */
    void endSubshell() {
        exitStatus().ifPresent(this::setStatus);
        session.put(EXIT, null);
    }

    @Override
    public int status() {
        return session.get(STATUS) instanceof Integer status ? status : 0;
    }

    void setStatus(int status) {
        session.put(STATUS, status);
    }
}
