package org.cardcage.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the start script as a user does, with a state directory and a working directory of its own. */
final class CardcageProcess {

    static final Path JAR = Path.of(System.getProperty("cardcage.jar"));
    static final Path SCRIPT = JAR.resolve("../../cardcage").normalize();

    private static final long SECONDS = 180;

    /** How a run has ended. */
    record Result(int status, String out, String err) {}

    private final Path folder;
    private final Path state;

    CardcageProcess(Path folder) {
        this.folder = folder;
        this.state = folder.resolve("state");
    }

    /** Runs the script with these arguments and its own state directory; standard input is empty. */
    Result cardcage(String... arguments) throws IOException, InterruptedException {
        return cardcageReading("", arguments);
    }

    /** As {@link #cardcage}, with {@code input} on standard input. */
    Result cardcageReading(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString(), "--state", state.toString()));
        command.addAll(Arrays.asList(arguments));
        return run(input, command);
    }

    /** Runs any command in the working directory. */
    Result run(String input, List<String> command) throws IOException, InterruptedException {
        return run(input, Map.of(), command);
    }

    /** The same with further environment variables. */
    Result run(String input, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS))
                    .as("%s ends in time; so far it said: %s%s", command, Files.readString(out), Files.readString(err))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        Result result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        Files.delete(out);
        Files.delete(err);
        return result;
    }
}
