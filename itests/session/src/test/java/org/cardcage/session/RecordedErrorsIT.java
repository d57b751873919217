package org.cardcage.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.cardcage.session.CardcageProcess.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mistakes have the words and the status of a real Linux. The cases, what must be so before each, how words are mapped and
 * which cases are excepted for what reason are files; nothing here knows a case.
 */
class RecordedErrorsIT {

    private static final String BOARD = """
            {"feature-resource-version": "1.0", "id": "test:board:1", "configurations": {"org.cardcage.board": {},
              "org.cardcage.edu.device~0": {"slot": "00:04.0"}, "org.cardcage.edu.device~1": {"slot": "00:05.0"}}}
            """;

    private static final Pattern HOLD = Pattern.compile("hold (\\S+)");

    @TempDir
    private Path folder;

    private CardcageProcess system;
    private Wording wording;

    @BeforeEach
    void start() throws Exception {
        Path board = Files.writeString(folder.resolve("board.json"), BOARD);
        system = new CardcageProcess(folder, "--board", board.toString());
        String release = system.run("ls /lib/modules").out().strip();
        Path overlay = folder.resolve("state/overlay");
        TestModules.install(overlay.resolve("root"), overlay.resolve("modules"));
        List<String> rules = new ArrayList<>();
        for (String line : Table.lines("wording.txt")) {
            rules.add(line.replace("RELEASE", release));
        }
        wording = new Wording(rules);
        // as the recorded machine was booted: quiet
        assertThat(system.run("dmesg -D")).isEqualTo(new Answer("", "", 0));
    }

    @AfterEach
    void stop() throws Exception {
        system.end();
    }

    @Test
    void everyRecordedCaseIsEqualOrExceptedWithAReason() throws Exception {
        Exceptions exceptions = new Exceptions(Table.lines("exceptions.txt"));
        Map<String, String> different = new LinkedHashMap<>();
        List<String> needless = new ArrayList<>();
        int run = 0;
        int excepted = 0;
        for (String entry : Table.lines("cases.txt")) {
            for (RecordedCase original : RecordedCase.of(entry.split(" ")[0])) {
                RecordedCase recorded = original.in(wording::recorded);
                if (exceptions.isNotRun(recorded)) {
                    excepted++;
                    continue;
                }
                run++;
                Optional<String> difference = difference(recorded, preparation(entry, recorded));
                if (exceptions.isDifferent(recorded)) {
                    excepted++;
                    difference.ifPresentOrElse(d -> {}, () -> needless.add(recorded.id()));
                } else {
                    difference.ifPresent(d -> different.put(recorded.id(), d));
                }
            }
        }
        int equal = run - exceptions.differences() - different.size();
        System.out.printf("recorded error cases: run %d, equal %d, excepted %d%n", run, equal, excepted);
        assertThat(different).as("differ from the recording").isEmpty();
        assertThat(needless).as("excepted without need").isEmpty();
        assertThat(exceptions.unused()).as("exceptions without a case").isEmpty();
        assertThat(List.of("run " + run, "equal " + equal, "excepted " + excepted))
                .isEqualTo(Table.lines("counts.txt"));
    }

    /** Lines of {@code preparations.txt} for the case, or else those of the file it is in. */
    private static List<String> preparation(String entry, RecordedCase recorded) throws IOException {
        for (String line : Table.lines("preparations.txt")) {
            if (line.split(" ", 2)[0].equals(recorded.id())) {
                return split(line);
            }
        }
        return split(entry);
    }

    private static List<String> split(String line) {
        int at = line.indexOf(' ');
        return at < 0
                ? List.of()
                : Arrays.stream(line.substring(at).split(";"))
                        .map(String::strip)
                        .toList();
    }

    /** How our answer differs from the recorded one. */
    private Optional<String> difference(RecordedCase recorded, List<String> preparation) throws Exception {
        system.run("cd /root; rmmod -f edudep; rmmod -f edu");
        for (String line : preparation) {
            prepare(line);
        }
        system.run("dmesg -C");
        Answer answer = system.runAsRecorded(recorded.command());
        String log = system.run("dmesg").out().replaceAll("(?m)^\\[ *[\\d.]+] ", "");
        String wanted = show(
                recorded.out(),
                recorded.err(),
                recorded.status(),
                recorded.log().orElse(""));
        String got = show(
                wording.ours(answer.out()),
                wording.ours(answer.err()),
                answer.status(),
                recorded.log().map(lines -> wording.ours(log)).orElse(""));
        return wanted.equals(got)
                ? Optional.empty()
                : Optional.of("\n$ " + recorded.command() + "  " + recorded.remark() + "\nrecorded:\n" + wanted
                        + "ours:\n" + got);
    }

    private void prepare(String line) throws Exception {
        var hold = HOLD.matcher(line);
        if (!hold.matches()) {
            Answer answer = system.run(line);
            assertThat(answer.status()).as("%s: %s", line, answer.err()).isZero();
            return;
        }
        String before = system.run("lsmod").out();
        system.run("sleep 1000 < " + hold.group(1) + " &");
        Awaitility.await("somebody has " + hold.group(1) + " open")
                .atMost(10, TimeUnit.SECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() -> !system.run("lsmod").out().equals(before));
    }

    /** Kernel lines are compared without their order: devices are probed at the same time here. */
    private static String show(String out, String err, int status, String log) {
        List<String> sorted =
                log.lines().filter(line -> !line.isBlank()).sorted().toList();
        return out + "--- stderr\n" + err + "--- exit status " + status + "\n"
                + (sorted.isEmpty() ? "" : "--- kernel log\n" + String.join("\n", sorted) + "\n");
    }
}
