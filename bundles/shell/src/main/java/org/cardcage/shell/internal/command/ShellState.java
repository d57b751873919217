package org.cardcage.shell.internal.command;

import org.cardcage.vfs.Credentials;

/**
 * What a command may learn from its shell and change in it.
 *
 * <p>Threads: any.
 */
public interface ShellState {

    /** The working directory, an absolute path of our tree. */
    String directory();

    /** A new working directory: absolute, existing, without {@code .} and {@code ..}. */
    void changeDirectory(String path);

    /** On whose behalf commands run. */
    Credentials credentials();

    /** From now on commands of this session run on behalf of somebody else. */
    void become(Credentials who);

    /** Asks the shell to end with this status once the present command has ended. */
    void exit(int status);

    /** Status of the last command. */
    int status();
}
