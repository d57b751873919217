package org.cardcage.shell.internal.osgi;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.cardcage.kernel.Kernel;
import org.cardcage.shell.internal.command.Command;
import org.cardcage.shell.internal.gogo.KernelConsole;
import org.cardcage.shell.internal.gogo.KernelSession;
import org.cardcage.shell.internal.gogo.LineRunner;
import org.cardcage.shell.internal.gogo.ScriptRunner;
import org.cardcage.shell.internal.gogo.TerminalShell;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The shell of the process: a script from the command line or from standard input, or a line editor on a terminal. When it
 * ends, the system ends with its status.
 *
 * <p>Threads: everything runs on {@code thread}, but for {@link #start} and {@link #stop}; {@code this} guards {@code
 * closing}, {@code script} and {@code terminal}.
 */
final class Console {

    private static final long SERVICE_PATIENCE_MILLIS = 30_000;
    private static final long SETTLE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long STOP_PATIENCE_MILLIS = 1_000;
    private static final String HOST = "/host";

    private final BundleContext context;
    private final CommandProcessorImpl processor;
    private final IntConsumer exit;
    private final Thread thread = new Thread(this::run, "cardcage-shell");
    private boolean closing;
    private LineRunner script;
    private TerminalShell terminal;

    Console(BundleContext context, CommandProcessorImpl processor, IntConsumer exit) {
        this.context = context;
        this.processor = processor;
        this.exit = exit;
        // JLine would look for its terminals in the context class loader instead of in its own bundle.
        thread.setContextClassLoader(null);
    }

    void start() {
        thread.start();
    }

    /** The system is going down, perhaps because the shell has ended. */
    void stop() {
        TerminalShell open;
        synchronized (this) {
            closing = true;
            open = terminal;
            if (script != null) {
                script.stop();
            }
        }
        close(open);
        thread.interrupt();
        try {
            thread.join(STOP_PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void close(TerminalShell open) {
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                System.err.println("cardcage: the terminal is not closed: " + e.getMessage());
            }
        }
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    private void run() {
        int status = 1;
        try {
            status = runShell();
        } catch (InterruptedException e) {
            return;
        } catch (MissingServiceException e) {
            System.err.println("cardcage: the shell cannot run: " + e.getMessage());
        } catch (Throwable e) { // whatever it is, the system must not stay without a shell
            if (!isClosing()) {
                System.err.println("cardcage: the shell cannot run");
                e.printStackTrace();
            }
        }
        if (!isClosing()) {
            exit.accept(status);
        }
    }

    private int runShell() throws InterruptedException, IOException {
        Kernel kernel = await(Kernel.class, "(objectClass=*)");
        FileSystem tree = await(FileSystem.class, "(scheme=cage)");
        CommandsComponent commands = await(CommandsComponent.class, "(objectClass=*)");
        kernel.scheduler().settle(kernel.scheduler().nanoTime() + SETTLE_PATIENCE_NANOS);
        Path directory = directory(tree);
        Optional<String> given = property("cardcage.command").or(() -> property("cardcage.script"));
        if (given.isEmpty()
                && property("cardcage.interactive").filter("true"::equals).isPresent()) {
            return onTerminal(kernel, commands.commands(), directory);
        }
        return onStreams(kernel, given, directory);
    }

    private int onStreams(Kernel kernel, Optional<String> given, Path directory) throws IOException {
        InputStream in = new BufferedInputStream(new FileInputStream(FileDescriptor.in));
        InputStream lines = given.<InputStream>map(
                        text -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .orElse(in);
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        OutputStream err = new FileOutputStream(FileDescriptor.err);
        KernelSession session = new KernelSession(processor, in, out, err, directory);
        LineRunner runner = new LineRunner(session);
        synchronized (this) {
            script = runner;
        }
        KernelConsole console = new KernelConsole(kernel.log(), session::message);
        try {
            return isClosing() ? 1 : new ScriptRunner(runner).run(lines);
        } finally {
            console.close();
            session.close();
        }
    }

    private int onTerminal(Kernel kernel, List<Command> commands, Path directory) throws IOException {
        Path history = Path.of(property("cardcage.state").orElse(System.getProperty("user.home")), "history");
        TerminalShell shell = new TerminalShell(processor, commands, directory, history);
        synchronized (this) {
            if (!closing) {
                terminal = shell;
            }
        }
        KernelConsole console = new KernelConsole(kernel.log(), shell::showLine);
        EditorCommands editor = new EditorCommands(context, processor);
        try {
            Optional<Path> profile = property("gosh.home")
                    .map(home -> Path.of(home, "etc", "gosh_profile"))
                    .filter(Files::isReadable);
            if (profile.isPresent()) {
                shell.profile(Files.readString(profile.get()));
            }
            return shell.run();
        } finally {
            editor.close();
            console.close();
            shell.close();
        }
    }

    /** The host's working directory in our tree, or the root if it is not there. */
    private Path directory(FileSystem tree) {
        Path directory = tree.getPath(HOST + property("cardcage.cwd").orElse(""));
        return Files.isDirectory(directory) ? directory : tree.getPath("/");
    }

    private Optional<String> property(String name) {
        return Optional.ofNullable(context.getProperty(name));
    }

    private <T> T await(Class<T> type, String filter) throws InterruptedException {
        return find(type, filter, SERVICE_PATIENCE_MILLIS)
                .orElseThrow(() -> new MissingServiceException("there is no service " + type.getName()
                        + "; the component that offers it is not there or misses something itself"));
    }

    private <T> Optional<T> find(Class<T> type, String filter, long patience) throws InterruptedException {
        try {
            ServiceTracker<T, T> tracker = new ServiceTracker<>(
                    context, context.createFilter("(&(objectClass=" + type.getName() + ")" + filter + ")"), null);
            tracker.open();
            try {
                return Optional.ofNullable(tracker.waitForService(patience));
            } finally {
                tracker.close();
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The system is not complete. */
    private static final class MissingServiceException extends RuntimeException {

        private static final long serialVersionUID = 1;

        MissingServiceException(String message) {
            super(message);
        }
    }
}
