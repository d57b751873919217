package org.cardcage.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cardcage.launcher.CardcageProcess.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The board that is a QEMU process. Without QEMU most of this is skipped, with the launcher's own words. */
class QemuIT {

    private static final Path PAGE =
            CardcageProcess.SCRIPT.resolve("../../docs/qemu.md").normalize();
    private static final String VARIABLE = "CARDCAGE_QEMU";
    private static final long SECONDS = 180;

    @TempDir
    private Path folder;

    private CardcageProcess process;

    @BeforeEach
    void prepare() {
        process = new CardcageProcess(folder);
    }

    private Result onQemu(String commands, String... arguments) throws Exception {
        Stream<String> options = Stream.of("--board", "qemu", "-c", commands);
        Stream<String> further =
                arguments.length == 0 ? Stream.of() : Stream.concat(Stream.of("--"), Stream.of(arguments));
        Result result = process.cardcage(Stream.concat(options, further).toArray(String[]::new));
        boolean missing = result.status() == 1 && result.err().contains("install QEMU");
        assumeTrue(!missing || "1".equals(System.getenv("CARDCAGE_REQUIRE_ORACLES")), result.err());
        return result;
    }

    @Test
    void theTranscriptOfThePageIsTrue() throws Exception {
        boolean pciIds = Stream.of("/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids")
                .anyMatch(file -> Files.exists(Path.of(file)));
        if (!"1".equals(System.getenv("CARDCAGE_REQUIRE_ORACLES"))) {
            assumeTrue(pciIds, "the names of the transcript come from the Debian package pci.ids, which is missing");
        }
        Transcript transcript = Transcript.of(PAGE);
        Result result = onQemu(String.join("; ", transcript.commands()));
        assertThat(result.err()).isEmpty();
        assertThat(Transcript.withoutChance(result.out())).isEqualTo(Transcript.withoutChance(transcript.output()));
        assertThat(result.status()).isZero();
    }

    @Test
    void furtherArgumentsGoToQemu() throws Exception {
        Result result = onQemu(
                "lspci -n -d 1234:; insmod edu intx=1; echo 6 > /dev/edu0; cat /dev/edu0",
                "-machine",
                "q35",
                "-device",
                "pcie-root-port,id=rp,addr=3",
                "-device",
                "edu,bus=rp");
        assertThat(result)
                .isEqualTo(
                        new Result(0, "00:04.0 00ff: 1234:11e8 (rev 10)\n01:00.0 00ff: 1234:11e8 (rev 10)\n720\n", ""));
    }

    @Test
    void whatQemuRefusesIsSaidInItsWords() throws Exception {
        Result result = onQemu("cat /dev/edu0", "-device", "nonsense");
        assertThat(result.err())
                .contains("there is no machine qemu", "'nonsense' is not a valid device model name")
                .endsWith("cat: /dev/edu0: No such file or directory\n");
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void withoutQemuNothingStartsAndTheErrorSaysWhatToInstall() throws Exception {
        Result result = process.run(
                "",
                Map.of(VARIABLE, "/nowhere/qemu"),
                List.of(
                        CardcageProcess.SCRIPT.toString(),
                        "--state",
                        folder.resolve("state").toString(),
                        "--board",
                        "qemu",
                        "-c",
                        "lspci"));
        assertThat(result.err())
                .contains("CARDCAGE_QEMU names /nowhere/qemu, which is not a program; install QEMU 10.1 or newer");
        assertThat(result.out()).isEmpty();
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void argumentsBehindTheDashesAreForQemuOnly() throws Exception {
        Result result = process.cardcage("--board", "edu", "-c", "lspci", "--", "-smp", "2");
        assertThat(result)
                .isEqualTo(
                        new Result(1, "", "cardcage: board edu is no QEMU, which the arguments behind -- are for\n"));
    }

    @Test
    void qemuEndsWithAKilledLauncher() throws Exception {
        onQemu("lspci");
        ProcessBuilder builder = new ProcessBuilder(
                        CardcageProcess.SCRIPT.toString(),
                        "--state",
                        folder.resolve("state").toString(),
                        "--board",
                        "qemu")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process launcher = builder.start();
        try (OutputStream in = launcher.getOutputStream();
                BufferedReader out =
                        new BufferedReader(new InputStreamReader(launcher.getInputStream(), StandardCharsets.UTF_8))) {
            in.write("insmod edu\ncat /dev/edu0\n".getBytes(StandardCharsets.UTF_8));
            in.flush();
            assertThat(CompletableFuture.supplyAsync(
                                    () -> out.lines().findFirst().orElse("nothing"))
                            .get(SECONDS, TimeUnit.SECONDS))
                    .isEqualTo("0x010000ed");
            List<ProcessHandle> children = launcher.descendants().toList();
            assertThat(children).isNotEmpty();
            launcher.destroyForcibly();
            for (ProcessHandle child : children) {
                child.onExit().get(SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            launcher.descendants().forEach(ProcessHandle::destroyForcibly);
            launcher.destroyForcibly();
        }
    }
}
