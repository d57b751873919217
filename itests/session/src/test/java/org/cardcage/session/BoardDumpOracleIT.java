package org.cardcage.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cardcage.session.CardcageProcess.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What our boards show with {@code lspci -xxxx} is a dump that pciutils and we read alike: each line of options is run by both,
 * and what they print, complain about and return must be the same.
 */
class BoardDumpOracleIT {

    private static final Path OPTIONS = Path.of(System.getProperty("cardcage.recordings"), "oracle-options.txt");
    private static final int SIGNALLED = 128;

    @TempDir
    private Path folder;

    @BeforeEach
    void theJudgeIsThere() throws Exception {
        String version;
        try {
            version = host("lspci", "--version").out().strip();
        } catch (IOException e) {
            version = "missing";
        }
        boolean fits = version.startsWith("lspci version 3.9.");
        if ("1".equals(System.getenv("CARDCAGE_REQUIRE_ORACLES"))) {
            assertThat(fits)
                    .as("lspci must be of pciutils 3.9, but is: %s", version)
                    .isTrue();
        }
        assumeTrue(fits, "lspci of the Debian package pciutils, version 3.9, is the judge here, but it is: " + version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"edu", "pc", "q35"})
    void theDumpOfABoardIsReadAlike(String board) throws Exception {
        CardcageProcess system = new CardcageProcess(folder, "--board", board);
        system.run("insmod edu");
        Answer live = system.run("lspci -D -xxxx");
        assertThat(live.status()).isZero();
        Path dump = folder.resolve("dump");
        Files.writeString(dump, live.out(), StandardCharsets.ISO_8859_1);
        assertThat(live.out().lines().filter(line -> line.startsWith("0000:")))
                .as("functions")
                .hasSizeGreaterThan(2);

        List<String> different = new ArrayList<>();
        int compared = 0;
        for (String line : Files.readAllLines(OPTIONS, StandardCharsets.UTF_8)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            List<String> words = line.equals("-") ? List.of() : List.of(line.split(" "));
            Answer judge = host("lspci", words, dump.toString());
            if (judge.status() >= SIGNALLED) {
                continue; // the judge itself has died
            }
            Answer ours = system.run("lspci -F '/host" + dump + "'" + quoted(words));
            compared++;
            if (!ours.equals(judge)) {
                different.add("lspci " + line + ":\n" + ours + "\nbut pciutils:\n" + judge);
            }
        }
        system.end();
        assertThat(different).isEmpty();
        assertThat(compared).as("lines of options").isGreaterThan(50);
    }

    private static String quoted(List<String> words) {
        StringBuilder text = new StringBuilder();
        words.forEach(word -> text.append(" '").append(word).append("'"));
        return text.toString();
    }

    private Answer host(String tool, List<String> words, String dump) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tool, "-F", dump));
        command.addAll(words);
        return host(command.toArray(String[]::new));
    }

    /** Runs a program of the host; the complaints of libkmod about the host's modules are left out. */
    private Answer host(String... command) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("%s ends", command[0])
                .isTrue();
        StringBuilder errors = new StringBuilder();
        for (String line : Files.readString(err, StandardCharsets.ISO_8859_1).split("(?<=\n)")) {
            errors.append(line.contains("libkmod") ? "" : line);
        }
        return new Answer(Files.readString(out, StandardCharsets.ISO_8859_1), errors.toString(), process.exitValue());
    }
}
