package org.cardcage.shell.internal.command;

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

    /** Asks the shell to end with this status once the present command has ended. */
    void exit(int status);

    /** Status of the last command. */
    int status();
}
