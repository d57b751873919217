package org.cardcage.shell.internal.gogo;

import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.cardcage.kernel.Errno;
import org.cardcage.shell.internal.command.ErrorText;
import org.cardcage.shell.internal.command.Interrupted;
import org.cardcage.shell.internal.command.NotFound;

/**
 * What the shell says about an exception that came out of a line.
 *
 * @param status exit status
 * @param text a line, or empty
 */
record Failure(int status, String text) {

    private static final int UNKNOWN_COMMAND = 127;
    private static final int BAD_USAGE = 2;

    /** What Gogo says if a method that is a command has other parameters. */
    private static final Pattern MISFIT = Pattern.compile("Cannot coerce (\\w+)\\(");

    /**
     * @param directory the working directory, which is left out of the names of files
     */
    static Failure of(Throwable t, String directory) {
        if (Interrupted.is(t)) {
            return new Failure(Interrupted.STATUS, "");
        }
        if (t instanceof CommandNotFoundException e) {
            return new Failure(UNKNOWN_COMMAND, NotFound.SHELL + ": " + e.getCommand() + ": command not found");
        }
        Matcher misfit = MISFIT.matcher(String.valueOf(t.getMessage()));
        if (misfit.lookingAt()) {
            return new Failure(BAD_USAGE, NotFound.SHELL + ": " + misfit.group(1) + ": it does not take these words");
        }
        Optional<Errno> errno = ErrorText.errno(t);
        if (t instanceof FileSystemException e && e.getFile() != null) {
            return new Failure(1, NotFound.SHELL + ": " + relative(e.getFile(), directory) + ": " + ErrorText.of(e));
        }
        if (errno.isPresent()) {
            return new Failure(1, NotFound.SHELL + ": " + errno.get().text());
        }
        boolean telling = t instanceof Exception && t.getMessage() != null && t.getCause() == null;
        return new Failure(1, NotFound.SHELL + ": " + (telling ? t.getMessage() : t.toString()));
    }

    private static String relative(String file, String directory) {
        String prefix = directory.endsWith("/") ? directory : directory + "/";
        return file.startsWith(prefix) && !directory.equals("/") ? file.substring(prefix.length()) : file;
    }
}
