package org.cardcage.shell.internal.gogo;

import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.cardcage.shell.internal.command.ShellState;

/**
 * What a session keeps for its commands, in its own directory and variables, so that it works for every Gogo session.
 *
 * <p>Threads: any.
 */
final class SessionState implements ShellState {

    private static final String EXIT = ".cardcage.exit";

    /** As in {@code $?}. */
    private static final String STATUS = "?";

    private final CommandSession session;

    SessionState(CommandSession session) {
        this.session = session;
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
    public void exit(int status) {
        session.put(EXIT, status);
    }

    /** The status that {@link #exit} was called with. */
    Optional<Integer> exitStatus() {
        return Optional.ofNullable((Integer) session.get(EXIT));
    }

    @Override
    public int status() {
        return session.get(STATUS) instanceof Integer status ? status : 0;
    }

    void setStatus(int status) {
        session.put(STATUS, status);
    }
}
