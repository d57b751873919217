package org.cardcage.edu.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The card on the board answers as QEMU did when the traces were recorded. The system property {@code edu.traces} names a
 * folder with more of them.
 */
class RecordedTracesTest {

    static List<Path> traces() throws IOException, URISyntaxException {
        Path recorded = Path.of(RecordedTracesTest.class.getResource("/traces").toURI());
        Path folder = Path.of(System.getProperty("edu.traces", recorded.toString()));
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(f -> !f.getFileName().toString().contains("fatal"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("traces")
    void answersAsRecorded(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader lines = open(file)) {
            Replay replay = new Replay(json.readTree(lines.readLine()));
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode operation = json.readTree(line);
                replay.perform(++number, operation);
            }
            assertThat(number).isGreaterThan(2);
            assertThat(replay.differences()).isEmpty();
        }
    }

    private static BufferedReader open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
        return new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8));
    }
}
