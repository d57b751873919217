package org.cardcage.shell.internal.command;

import java.io.IOException;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.SystemCalls;

/** What Gogo runs for a word that is no command ({@code default}); it answers as bash does. */
public final class NotFound implements Command {

    /** What messages of the shell itself begin with. */
    public static final String SHELL = "cardcage";

    private static final int CANNOT_EXECUTE = 126;
    private static final int UNKNOWN = 127;

    private final SystemCalls kernel;

    public NotFound(SystemCalls kernel) {
        this.kernel = kernel;
    }

    @Override
    public Help help() {
        return new Help("default", "WORD...", "says that there is no such command", "default nosuchcommand");
    }

    @Override
    public int run(Invocation call) throws IOException {
        String word = call.arguments().isEmpty() ? "" : call.arguments().get(0);
        String why = "command not found";
        int status = UNKNOWN;
        if (word.contains("/")) {
            try {
                boolean directory =
                        kernel.stat(call.credentials(), call.path(word)).isDirectory();
                why = directory ? "Is a directory" : "Permission denied";
                status = CANNOT_EXECUTE;
            } catch (KernelException e) {
                why = ErrorText.of(e);
            }
        }
        call.message(SHELL + ": " + word + ": " + why);
        return status;
    }
}
