package org.cardcage.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.cardcage.session.CardcageProcess.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a terminal: what help tells, and nothing but text. */
class HelpIT {

    @TempDir
    private Path folder;

    private CardcageProcess system;

    @BeforeEach
    void start() throws Exception {
        system = new CardcageProcess(folder);
    }

    @AfterEach
    void stop() throws Exception {
        system.end();
    }

    @Test
    void everyCommandTellsItsUsageWithAnExample() throws Exception {
        List<String> names = system.run("help")
                .out()
                .lines()
                .takeWhile(line -> !line.isBlank())
                .map(line -> line.split(" ")[0])
                .toList();
        assertThat(names).contains("lspci", "insmod", "rmmod", "modprobe", "lsmod", "dmesg", "cat", "ls", "help");

        for (String name : names) {
            String pattern =
                    "Usage: " + name + "( .+)?\n(.+\n)+Example: (.+ \\| )?" + name + "( .+)?\n( +" + name + " .+\n)*";
            Answer answer = system.run("help " + name);
            assertThat(answer.out()).matches(Pattern.compile(pattern));
            assertThat(answer.status()).isZero();
        }
    }

    @Test
    void withoutATerminalThereAreNoColoursAndNoPrompt() throws Exception {
        Answer answer = system.run("insmod edu; ls -l /dev; cat /nosuch; dmesg");

        assertThat(answer.out() + answer.err()).doesNotContain("\u001b", "cardcage>");
    }
}
