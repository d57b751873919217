package org.cardcage.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.cardcage.launcher.CardcageProcess.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.ID;

/** The jar and its start script, as a user has them. */
class CardcageIT {
    @TempDir
    private Path folder;

    private CardcageProcess process;

    @BeforeEach
    void prepare() {
        process = new CardcageProcess(folder);
    }

    @Test
    void theScriptWorksThroughALinkInAFolderWithSpaces() throws Exception {
        Path spaced = Files.createDirectory(folder.resolve("a folder"));
        Path link = Files.createSymbolicLink(spaced.resolve("my cardcage"), CardcageProcess.SCRIPT);

        Result result = process.run("", List.of(link.toString(), "--version"));
        Files.delete(link);

        assertThat(result.status()).isZero();
        assertThat(result.out()).isEqualTo("cardcage " + Distribution.release() + "\n");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void helpGoesToStandardOutput() throws Exception {
        Result result = process.cardcage("--help");

        assertThat(result.status()).isZero();
        assertThat(result.out()).startsWith("Usage: cardcage");
    }

    @Test
    void aBadOptionEndsWithTwo() throws Exception {
        Result result = process.cardcage("--bogus");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("cardcage: unknown option --bogus\nUsage: cardcage");
    }

    @Test
    void aStateDirectoryInUseEndsWithOne() throws Exception {
        Path state = folder.resolve("state");
        try (StateDirectory held = StateDirectory.open(state)) {
            Result result = process.cardcage("-c", "echo in " + held.root());

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
