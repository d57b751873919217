package org.cardcage.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.cardcage.launcher.CardcageProcess.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.feature.FeatureArtifact;

/** What lies in the deploy folder when the system starts. */
class DeployedAtStartIT {
    @TempDir
    private Path folder;

    private CardcageProcess process;
    private Path deploy;

    @BeforeEach
    void prepare() throws Exception {
        process = new CardcageProcess(folder);
        deploy = Files.createDirectories(folder.resolve("state/deploy"));
    }

    private static byte[] eduDriver() throws Exception {
        Distribution shipped = Distribution.shipped();
        try (Reader text = shipped.text("cardcage.json")) {
            FeatureArtifact edu = new FeatureServiceImpl()
                    .readFeature(text)
                    .getExtensions()
                    .get(Unpacker.MODULES)
                    .getArtifacts()
                    .get(0);
            try (InputStream jar = shipped.bundle(edu.getID())) {
                return jar.readAllBytes();
            }
        }
    }

    @Test
    void isLoadedBeforeTheFirstCommand() throws Exception {
        Files.write(deploy.resolve("driver.jar"), eduDriver());
        assertThat(process.cardcage("-c", "cat /dev/edu0")).isEqualTo(new Result(0, "0x010000ed\n", ""));
        assertThat(process.cardcage("-c", "insmod edu"))
                .isEqualTo(new Result(1, "", "insmod: ERROR: could not insert module edu: File exists\n"));
    }

    @Test
    void isRefusedAloudIfItIsBrokenAndTheSystemRuns() throws Exception {
        byte[] driver = eduDriver();
        Files.write(deploy.resolve("half.jar"), Arrays.copyOf(driver, driver.length / 2));
        Files.writeString(deploy.resolve("notes.txt"), "nobody minds");
        Result result = process.cardcage("-c", "insmod edu; cat /dev/edu0");
        assertThat(result.err())
                .matches("\\[ *[\\d.]+] deploy: half.jar: refused: ENOEXEC: not a module: no archive, or only a part"
                        + " of one \\(\\d+ bytes\\)\n");
        assertThat(result.out()).isEqualTo("0x010000ed\n");
        assertThat(result.status()).isZero();
    }
}
