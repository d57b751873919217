package org.cardcage.shell.internal.gogo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Process;
import org.cardcage.kernel.KernelException;
import org.cardcage.shell.internal.command.Command;
import org.cardcage.shell.internal.command.ErrorText;
import org.cardcage.shell.internal.command.Interrupted;
import org.cardcage.shell.internal.command.Invocation;
import org.cardcage.shell.internal.command.NotFound;
import org.cardcage.shell.internal.command.Options;

/**
 * A command as a Gogo function.
 *
 * <p>Threads: any; Gogo runs each process on a thread of its own.
 */
public final class GogoCommand implements Function {

    /** The scope of our commands. */
    public static final String SCOPE = "cardcage";

    /** Where a word without a scope is looked up. Commands of other bundles need theirs, as in {@code felix:lb}. */
    public static final String SCOPES = SCOPE + ":gogo";

    /** 128 and the number of SIGPIPE: nobody reads what the command writes. */
    private static final int BROKEN_PIPE = 141;

    private final Command command;

    public GogoCommand(Command command) {
        this.command = command;
    }

    /** The word that calls it. */
    public String name() {
        return command.help().name();
    }

    @Override
    public Object execute(CommandSession session, List<Object> words) {
        Process process = Process.Utils.current();
        int status =
                session instanceof KernelSession own ? tracked(own, words, process) : execute(session, words, process);
        if (status != 0) {
            process.error(status);
        }
        return null;
    }

    private int tracked(KernelSession session, List<Object> words, Process process) {
        return session.commandBegins() ? Interrupted.STATUS : execute(session, words, process);
    }

    private int execute(CommandSession session, List<Object> words, Process process) {
        Invocation call = new Invocation(
                name(),
                texts(words),
                process.in(),
                ProcessOutput.of(process),
                process.err(),
                new SessionState(session),
                columns(session, process));
        return run(call);
    }

    private static List<String> texts(List<Object> words) {
        List<String> texts = new ArrayList<>();
        for (Object word : words) {
            if (word instanceof Collection<?> several) {
                several.forEach(w -> texts.add(String.valueOf(w)));
            } else {
                texts.add(word == null ? "" : word.toString());
            }
        }
        return texts;
    }

    /** Only a shell on a terminal has COLUMNS. */
    private static OptionalInt columns(CommandSession session, Process process) {
        return process.isTty(1) && session.get("COLUMNS") instanceof Integer width
                ? OptionalInt.of(width)
                : OptionalInt.empty();
    }

    private int run(Invocation call) {
        try {
            int status = runChecked(call);
            call.out().flush();
            return status;
        } catch (IOException | KernelException e) {
            return failed(call, e);
        }
    }

    private int runChecked(Invocation call) throws IOException {
        try {
            return command.run(call);
        } catch (Options.HelpWantedException e) {
            call.print(command.help().text());
            return 0;
        } catch (Options.BadOptionException e) {
            call.complain(e.getMessage());
            call.message("Try '" + name() + " --help' for more information.");
            return command.usageStatus();
        }
    }

    private int failed(Invocation call, Exception e) {
        if (Interrupted.is(e)) {
            Thread.interrupted(); // or the message and the end of Gogo's process would be interrupted as well
            return Interrupted.STATUS;
        }
        if (e instanceof ProcessOutput.WriteFailedException) {
            if (ErrorText.errno(e).isEmpty()) {
                return BROKEN_PIPE;
            }
            // as bash does it, whose echo is its own
            call.warn((name().equals("echo") ? NotFound.SHELL + ": " : "") + name() + ": write error: "
                    + ErrorText.of(e));
            return 1;
        }
        call.warn(name() + ": " + ErrorText.of(e));
        return 1;
    }
}
