package org.cardcage.qemu.internal;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A QEMU on this computer that can do what is needed here.
 *
 * @param path of the program
 * @param version as in {@code 11.1.3}
 */
public record QemuProgram(Path path, String version) {

    /** The environment variable that names the program. */
    public static final String VARIABLE = "CARDCAGE_QEMU";

    private static final String NAME = "qemu-system-x86_64";
    private static final int MAJOR = 10;
    private static final int MINOR = 1;
    private static final Pattern VERSION = Pattern.compile("QEMU emulator version ((\\d+)\\.(\\d+)[.\\d]*)");
    private static final long PROBE_SECONDS = 60;

    private static final String ADVICE =
            "; install QEMU 10.1 or newer with the qtest accelerator (Debian: package qemu-system-x86"
                    + " of trixie-backports or later) or let " + VARIABLE + " name one";

    /** What a run for a look has given. */
    private record Look(int status, String text) {}

    /**
     * Finds the program: the one that {@code CARDCAGE_QEMU} names, or else {@code qemu-system-x86_64} in a folder of {@code PATH}.
     * Runs it twice, for a few hundredths of a second.
     *
     * @param environment usually {@link System#getenv()}
     * @throws IOException if there is none, or it is older than 10.1, or has no qtest accelerator; the message says what to
     *     install
     */
    public static QemuProgram find(Map<String, String> environment) throws IOException {
        Path path = path(environment);
        Look version = look(path, "", "-version");
        Matcher words = VERSION.matcher(version.text());
        if (version.status() != 0 || !words.find()) {
            throw new IOException(path + " does not tell a version of QEMU but '"
                    + version.text().strip() + "'" + ADVICE);
        }
        int major = Integer.parseInt(words.group(2));
        int minor = Integer.parseInt(words.group(3));
        if (major < MAJOR || major == MAJOR && minor < MINOR) {
            throw new IOException(path + " is QEMU " + words.group(1) + ", which is too old" + ADVICE);
        }
        // the list of -accel help leaves qtest out even where it is there
        Look machine = look(
                path,
                "quit\n",
                "-machine",
                "none",
                "-nodefaults",
                "-display",
                "none",
                "-accel",
                "qtest",
                "-monitor",
                "stdio");
        if (machine.status() != 0) {
            throw new IOException(path + " cannot start with the qtest accelerator: '"
                    + machine.text().strip() + "'" + ADVICE);
        }
        return new QemuProgram(path, words.group(1));
    }

    private static Path path(Map<String, String> environment) throws IOException {
        String named = environment.get(VARIABLE);
        if (named != null && !named.isEmpty()) {
            Path path = Path.of(named);
            if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
                throw new IOException(VARIABLE + " names " + path + ", which is not a program" + ADVICE);
            }
            return path.toAbsolutePath();
        }
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path path = Path.of(folder, NAME);
            if (Files.isRegularFile(path) && Files.isExecutable(path)) {
                return path.toAbsolutePath();
            }
        }
        throw new IOException("there is no " + NAME + " on the PATH" + ADVICE);
    }

    private static Look look(Path path, String input, String... arguments) throws IOException {
        Path output = Files.createTempFile("cardcage-qemu", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(path.toString());
            builder.command().addAll(List.of(arguments));
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                process.destroyForcibly(); // it has ended early, and its output says why
            }
            try {
                if (!process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
                    throw new IOException(path + " " + String.join(" ", arguments) + " does not end" + ADVICE);
                }
                return new Look(process.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
            } finally {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while asking " + path + " for its version");
        } finally {
            Files.delete(output);
        }
    }
}
