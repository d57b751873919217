package org.cardcage.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.ID;

/** The jar and its start script, as a user has them. */
class CardcageIT {
    private static final Path JAR = Path.of(System.getProperty("cardcage.jar"));
    private static final Path SCRIPT = JAR.resolve("../../cardcage").normalize();

    @TempDir
    private Path folder;

    private record Result(int status, String out, String err) {}

    private Result run(String... command) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends in time").isTrue();
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private Result cardcage(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(Arrays.asList(arguments));
        return run(command.toArray(String[]::new));
    }

    @Test
    void theScriptWorksThroughALinkInAFolderWithSpaces() throws Exception {
        Path spaced = Files.createDirectory(folder.resolve("a folder"));
        Path link = Files.createSymbolicLink(spaced.resolve("my cardcage"), SCRIPT);

        Result result = run(link.toString(), "--version");
        Files.delete(link);

        assertThat(result.status()).isZero();
        assertThat(result.out()).isEqualTo("cardcage " + Distribution.release() + "\n");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void helpGoesToStandardOutput() throws Exception {
        Result result = cardcage("--help");

        assertThat(result.status()).isZero();
        assertThat(result.out()).startsWith("Usage: cardcage");
    }

    @Test
    void aBadOptionEndsWithTwo() throws Exception {
        Result result = cardcage("--bogus");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("cardcage: unknown option --bogus\nUsage: cardcage");
    }

    @Test
    void aStateDirectoryInUseEndsWithOne() throws Exception {
        Path state = folder.resolve("state");
        try (StateDirectory held = StateDirectory.open(state)) {
            Result result = cardcage("--state", held.root().toString());

            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err())
                    .contains("is in use by process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void whatTheFeatureNamesIsInTheJar() throws Exception {
        Distribution shipped = Distribution.shipped();
        Feature system;
        try (Reader text = shipped.text("cardcage.json")) {
            system = new FeatureServiceImpl().readFeature(text);
        }
        List<ID> named = new ArrayList<>();
        system.getBundles().forEach(bundle -> named.add(bundle.getID()));
        system.getExtensions().get(Unpacker.MODULES).getArtifacts().forEach(module -> named.add(module.getID()));

        assertThat(named).isNotEmpty().allSatisfy(id -> {
            try (InputStream jar = shipped.bundle(id)) {
                assertThat(jar.read()).isNotNegative();
            }
        });
    }
}
