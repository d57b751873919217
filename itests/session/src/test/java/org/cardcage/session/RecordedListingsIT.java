package org.cardcage.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cardcage.session.CardcageProcess.Answer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * On the boards {@code pc} and {@code q35} {@code lspci} and {@code setpci} print what they have printed on the machines that
 * these are made after. Each recorded command line is run, in the state of the driver that it was recorded in; in what
 * lines may differ, and why, is said in {@code listing-differences.txt}.
 */
class RecordedListingsIT {

    private static final Path RECORDINGS = Path.of(System.getProperty("cardcage.recordings"));

    private static final Pattern LOOP = Pattern.compile("for r in (.*); do (.*); done");

    /** A state of the driver in the words of the recordings, and what leads to it from the one before. */
    private record State(String words, String command) {}

    private static final List<State> STATES = List.of(
            new State("edu driver not loaded", "dmesg -D"),
            new State("edu driver loaded by insmod edu.ko, both devices bound", "insmod edu"),
            new State("edu driver was loaded and is unloaded again", "rmmod edu"),
            new State("edu driver loaded with intx=1", "insmod edu intx=1"));

    @TempDir
    private Path folder;

    private CardcageProcess system;
    private AllowedDifferences allowed;
    private final List<String> different = new ArrayList<>();
    private int run;
    private int equal;

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void everyRecordedLineIsPrintedOrExceptedWithAReason(String machine) throws Exception {
        allowed = new AllowedDifferences(Table.lines("listing-differences.txt"), machine);
        List<RecordedCase> cases = recorded(machine);
        start(machine);
        for (State state : STATES) {
            assertThat(system.run(state.command()).status()).isZero();
            for (RecordedCase recorded : cases) {
                if (recorded.remark().replace("guest; ", "").equals(state.words())) {
                    compare(recorded);
                }
            }
        }
        system.end();
        // what writes to registers wants a fresh machine
        start(machine);
        for (RecordedCase recorded : cases) {
            if (!recorded.remark().startsWith("guest; ")) {
                compare(recorded);
            }
        }
        system.end();
        System.out.println(counts(machine));

        assertThat(different).as("differ from the recording").isEmpty();
        assertThat(allowed.unused()).as("differences that there are not").isEmpty();
        assertThat(run).as("recorded commands that were run").isEqualTo(cases.size());
        assertThat(counts(machine)).isIn(Table.lines("listing-counts.txt"));
    }

    private String counts(String machine) {
        return machine + ": run " + run + ", equal " + equal + ", lines excepted " + allowed.excepted();
    }

    private void start(String machine) throws Exception {
        system = new CardcageProcess(
                folder,
                Map.of("JDK_JAVA_OPTIONS", "\"-Dcardcage.pciids=" + RECORDINGS.resolve("pci.ids") + "\""),
                "--board",
                machine);
        // takes along what the JVM says about its options
        system.run("echo");
    }

    private static List<RecordedCase> recorded(String machine) throws IOException {
        List<RecordedCase> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(RECORDINGS.resolve(machine))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replace(".txt", "");
                all.addAll(RecordedCase.read(name, Files.readAllLines(file, StandardCharsets.UTF_8)));
            }
        }
        return all;
    }

    private void compare(RecordedCase recorded) throws Exception {
        run++;
        Answer answer = system.runAsRecorded(line(recorded.command()));
        int before = allowed.excepted();
        Optional<String> difference = allowed.difference(
                recorded.id(),
                text(recorded.out(), recorded.err(), recorded.status()),
                text(answer.out(), answer.err(), answer.status()));
        difference.ifPresentOrElse(d -> different.add("\n" + recorded.id() + ": $ " + recorded.command() + d), () -> {
            equal += allowed.excepted() == before ? 1 : 0;
        });
    }

    private static String text(String out, String err, int status) {
        return out + "\n--- stderr\n" + err + "\n--- exit status " + status + "\n";
    }

    /** What is typed to our shell, which has no loop of this kind and keeps its files elsewhere. */
    private static String line(String command) {
        Matcher loop = LOOP.matcher(command);
        if (loop.matches()) {
            return String.join(
                    "; ",
                    Stream.of(loop.group(1).split(" "))
                            .map(register -> loop.group(2).replace("$r", register))
                            .toList());
        }
        return command.replaceAll("(\\S*\\*\\S*)", "'$1'").replace("/run/t/", "/root/");
    }
}
