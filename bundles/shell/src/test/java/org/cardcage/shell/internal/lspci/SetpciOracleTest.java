package org.cardcage.shell.internal.lspci;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cardcage.shell.internal.command.FakeTree;
import org.cardcage.shell.internal.command.Run;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code setpci} on a dump answers what pciutils answers, its complaints included. */
class SetpciOracleTest {

    @TempDir
    private Path folder;

    private Oracle oracle;

    @BeforeEach
    void needsPciutils() throws Exception {
        oracle = new Oracle("setpci", folder);
        oracle.require();
    }

    @Test
    void everyCommandLineIsAnsweredAlike() throws Exception {
        String dump = new Recordings("q35").text("lspci-xxxx.loaded");
        Files.writeString(folder.resolve("dump"), dump, StandardCharsets.ISO_8859_1);
        FakeTree tree = new FakeTree();
        tree.file("/dump", dump.getBytes(StandardCharsets.ISO_8859_1));
        Setpci setpci = new Setpci(privileged -> List.of(), tree);

        for (String line : Recordings.resource("setpci-oracle-lines.txt").split("\n")) {
            if (line.startsWith("#")) {
                continue;
            }
            Oracle.Answer answer = oracle.run(words(line));
            assertThat(Run.of(setpci, words(line).toArray(String[]::new)))
                    .as(line)
                    .isEqualTo(new Run(answer.status(), answer.text(), answer.errors()));
        }
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>(List.of("-A", "dump", "-O", "dump.name=dump"));
        words.addAll(List.of(line.split(" ")));
        return words;
    }

    @Test
    void theRegistersAreTheSame() throws Exception {
        Run ours = Run.of(new Setpci(privileged -> List.of(), new FakeTree()), "--dumpregs");

        assertThat(ours.text()).isEqualTo(oracle.run(List.of("--dumpregs")).text());
    }
}
