package org.cardcage.shell.internal.lspci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A tool of pciutils 3.9 on the host, as a judge. */
final class Oracle {

    private static final int SIGNALLED = 128;

    private final String tool;
    private final Path folder;

    /** What a run has given, libkmod's complaints about the host left out. */
    record Answer(int status, String text, String errors) {

        /** Whether it has stopped by a fault of its own. */
        boolean isBroken() {
            return status >= SIGNALLED || errors.contains("Internal bug");
        }
    }

    /** @param folder that it runs in, and for its output */
    Oracle(String tool, Path folder) {
        this.tool = tool;
        this.folder = folder;
    }

    /** Skips the test if the tool is missing or has another version; where oracles are required, fails. */
    void require() throws IOException, InterruptedException {
        String version;
        try {
            version = run(List.of("--version")).text().strip();
        } catch (IOException e) {
            version = "missing";
        }
        boolean fits = version.startsWith(tool + " version 3.9.");
        if ("1".equals(System.getenv("CARDCAGE_REQUIRE_ORACLES"))) {
            assertThat(fits)
                    .as("%s must be of pciutils 3.9, but is: %s", tool, version)
                    .isTrue();
        }
        assumeTrue(fits, tool + " of pciutils 3.9 is the judge here, but it is: " + version);
    }

    Answer run(List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tool));
        command.addAll(words);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        builder.directory(folder.toFile());
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
        StringBuilder errors = new StringBuilder();
        for (String line : Files.readString(err, StandardCharsets.ISO_8859_1).split("(?<=\n)")) {
            errors.append(line.contains("libkmod") ? "" : line);
        }
        return new Answer(process.exitValue(), Files.readString(out, StandardCharsets.ISO_8859_1), errors.toString());
    }
}
