package org.cardcage.qemu.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A QEMU process without a guest, and the connection to it. It is a child of this JVM and never outlives it, however the JVM
 * ends: beside it runs a shell that reads a pipe from the JVM and kills QEMU when the pipe ends. (The death of a connection does not
 * end QEMU, and Linux's parent-death signal comes with the end of a <em>thread</em>.)
 *
 * <p>Threads: any. The connection and the child's output have a thread each, which end with the process.
 */
public final class QemuProcess implements AutoCloseable {

    /** How long QEMU may be silent while an answer is waited for, unless said otherwise. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(2);

    /**
     * The shell becomes QEMU, so that the process id and the exit status are QEMU's. A session of its own keeps it from the
     * terminal's Ctrl-C. When QEMU has ended first, the kill finds nobody: the number of a process that has just ended is not
     * given out again for a long time.
     */
    private static final String START_SCRIPT = """
            exec 3<&0 </dev/null
            { trap '' INT HUP TERM; read -r _ <&3 || kill -9 $$; } >/dev/null 2>&1 &
            if command -v setsid >/dev/null; then set -- setsid "$@"; fi
            exec "$@" 3<&-
            """;

    private final Process process;
    private final ChildOutput output;
    private final Qtest qtest;

    private QemuProcess(Process process, ChildOutput output, SocketChannel channel, Setup setup, QemuListener listener)
            throws IOException {
        this.process = process;
        this.output = output;
        qtest = new Qtest(channel, setup.name() + "/qtest", setup.patience(), listener, this::obituary);
    }

    /**
     * What to start.
     *
     * @param name begins the names of threads
     * @param arguments of QEMU, without those for the accelerator, qtest and the display: the machine and its devices
     * @param patience how long QEMU may be silent while an answer is waited for; then it is killed
     */
    public record Setup(
            QemuProgram program, String name, List<String> arguments, Duration patience, QemuListener listener) {}

    /**
     * Starts QEMU and waits until it has made its machine and takes commands.
     *
     * @throws QemuGoneException if it ends before, does not connect within a minute or does not answer; the message has its
     *     words, and the listener is not told
     * @throws IOException if it cannot be started, or is told to go on without us
     */
    public static QemuProcess start(Setup setup) throws IOException {
        for (String argument : setup.arguments()) {
            if (argument.equals("-daemonize") || argument.equals("--daemonize")) {
                throw new IOException("QEMU must end with us, so leave out " + argument);
            }
        }
        Path folder = Files.createTempDirectory("cardcage-qemu");
        Path socket = folder.resolve("qtest");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Process process = new ProcessBuilder(command(setup, socket))
                    .redirectErrorStream(true)
                    .start();
            ChildOutput output = new ChildOutput(process.getInputStream(), setup.name() + "/output", setup.listener());
            try {
                StartGate gate = new StartGate(setup.listener());
                SocketChannel channel = accept(server, process, output);
                QemuProcess started = new QemuProcess(process, output, channel, setup, gate);
                started.awaitMachine(gate);
                return started;
            } catch (IOException | RuntimeException e) {
                process.destroyForcibly();
                throw e;
            }
        } finally {
            Files.deleteIfExists(socket);
            Files.delete(folder);
        }
    }

    /** QEMU connects before it makes the devices, and answers after it. */
    private void awaitMachine(StartGate gate) throws IOException {
        Commands commands = qtest.commands();
        Reply answer = commands.endianness();
        commands.send();
        answer.text();
        if (!gate.open()) {
            throw new QemuGoneException(qtest.end());
        }
    }

    private static List<String> command(Setup setup, Path socket) {
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", START_SCRIPT, "sh", setup.program().path().toString()));
        // QEMU's way to write a comma in a value
        String address = "unix:" + socket.toString().replace(",", ",,") + ",server=off";
        command.addAll(List.of("-accel", "qtest", "-qtest", address, "-qtest-log", "none", "-display", "none"));
        command.addAll(setup.arguments());
        return command;
    }

    private static SocketChannel accept(ServerSocketChannel server, Process process, ChildOutput output)
            throws IOException {
        CompletableFuture<Process> noWait = process.onExit().orTimeout(START.toSeconds(), TimeUnit.SECONDS);
        CompletableFuture<Void> closer = noWait.handle((ended, late) -> {
            close(server);
            return null;
        });
        try {
            return server.accept();
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            String what = process.isAlive()
                    ? "QEMU does not connect"
                    : "QEMU has ended at once with status " + process.exitValue();
            process.destroyForcibly();
            QemuGoneException gone = new QemuGoneException(what + output.quote());
            gone.addSuppressed(e);
            throw gone;
        } finally {
            noWait.complete(process);
            closer.join();
        }
    }

    private static void close(ServerSocketChannel server) {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The connection. */
    public Qtest qtest() {
        return qtest;
    }

    /** The child, for its process id. Who ends it otherwise than by {@link #close} makes a death of it. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    private QemuGoneException obituary(Throwable why) {
        boolean ended = endsWithin(GRACE);
        process.destroyForcibly();
        endsWithin(GRACE);
        String what = ended ? "QEMU has ended with status " + process.exitValue() : why.getMessage();
        QemuGoneException gone = new QemuGoneException(what + output.quote());
        gone.addSuppressed(why);
        return gone;
    }

    /** Waits even if the thread is interrupted: for a moment only. */
    private boolean endsWithin(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended && System.nanoTime() < deadline) {
            try {
                ended = process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return ended;
    }

    /**
     * Ends the connection and the process: asks it first, so that it can close its files, and kills it after a moment. The
     * listener is told no more once this has returned.
     */
    @Override
    public void close() {
        qtest.close();
        process.destroy();
        if (!endsWithin(GRACE)) {
            process.destroyForcibly();
            endsWithin(GRACE);
        }
        output.awaitEnd();
    }
}
