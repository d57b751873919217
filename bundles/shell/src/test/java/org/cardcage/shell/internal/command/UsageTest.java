package org.cardcage.shell.internal.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsageTest {

    @Test
    void lettersThatStandTogetherAreOptionsOfTheirOwn() {
        assertThat(Usage.of("[-al] [-n|-nn] [--first-time] [FILE]...").options().keySet())
                .containsExactly("--first-time", "-a", "-l", "-n", "-nn");
    }

    @Test
    void theWordBehindAnOptionIsItsValue() {
        assertThat(Usage.of("[-n LINES | -c BYTES] [-s SLOT] [-f] FILE").options())
                .isEqualTo(Map.of("-n", "LINES", "-c", "BYTES", "-s", "SLOT", "-f", ""));
    }

    @Test
    void operandsComeInTurnAndOnlyARepeatableOneComesAgain() {
        Usage grep = Usage.of("[-i] PATTERN [FILE]...");
        assertThat(grep.next(List.of())).containsExactly("PATTERN");
        assertThat(grep.next(List.of("-i", "edu"))).containsExactly("FILE");
        assertThat(grep.next(List.of("edu", "a", "b"))).containsExactly("FILE");
        assertThat(Usage.of("[COMMAND]").next(List.of("lspci"))).isEmpty();
    }

    @Test
    void anOptionsValueIsNoOperand() {
        Usage lspci = Usage.of("[-k] [-s SLOT]");
        assertThat(lspci.next(List.of("-k", "-s"))).containsExactly("SLOT");
        assertThat(lspci.next(List.of("-s", "00:04.0"))).isEmpty();
        assertThat(Usage.of("FILE|NAME [PARAMETER=VALUE]...").next(List.of())).containsExactly("FILE", "NAME");
    }

    @Test
    void aCommandWithoutWordsHasNone() {
        assertThat(Usage.of("").next(List.of())).isEmpty();
    }
}
