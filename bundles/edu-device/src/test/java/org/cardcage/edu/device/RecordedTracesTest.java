package org.cardcage.edu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The card on the board answers as QEMU did when the recordings were made. {@code -Dcardcage.edu.traces=FOLDER} takes those
 * of another folder.
 */
class RecordedTracesTest {

    private static final String OTHER_FOLDER = System.getProperty("cardcage.edu.traces");
    private static final Path MODULE_TO_PROJECT = Path.of("..", "..");

    private static int traces;
    private static int equal;
    private static int operations;

    static List<Path> traces() throws IOException, URISyntaxException {
        List<Path> found = Trace.in(folder());
        assertThat(found).as("recordings in " + folder()).isNotEmpty();
        return found;
    }

    private static Path folder() throws URISyntaxException {
        if (OTHER_FOLDER == null) {
            return Path.of(RecordedTracesTest.class.getResource("/traces").toURI());
        }
        Path given = Path.of(OTHER_FOLDER);
        return Files.exists(given) ? given : MODULE_TO_PROJECT.resolve(given);
    }

    @BeforeAll
    static void count() throws IOException, URISyntaxException {
        traces = traces().size();
        equal = 0;
        operations = 0;
    }

    @AfterAll
    static void print() throws URISyntaxException {
        String where = OTHER_FOLDER == null ? "" : " of " + folder();
        System.out.printf("EDU recordings%s: %d of %d equal, %d operations%n", where, equal, traces, operations);
    }

    @ParameterizedTest
    @MethodSource("traces")
    void answersAsRecorded(Path file) throws IOException {
        Replay replay = new Replay(Trace.read(file));
        Optional<String> difference = replay.run();
        operations += replay.performed();
        assertThat(replay.performed()).as("operations").isPositive();
        difference.ifPresent(Assertions::fail);
        equal++;
    }

    @ParameterizedTest
    @CsvSource({"directed, 67", "random, 130", "newer, 1", "cpu-access, 3"})
    void noRecordingIsMissing(String part, int count) throws Exception {
        assumeTrue(OTHER_FOLDER == null, "other recordings were asked for");
        assertThat(Trace.in(folder().resolve(part))).hasSize(count);
    }

    @Test
    void theRecordingsThatEndWithTheDeathOfQemuAreAmongThem() throws Exception {
        assumeTrue(OTHER_FOLDER == null, "other recordings were asked for");
        int deaths = 0;
        for (Path file : traces()) {
            List<Operation> all = Trace.read(file).operations();
            deaths += all.get(all.size() - 1).isFatal() ? 1 : 0;
        }
        assertThat(deaths).isEqualTo(19);
    }
}
