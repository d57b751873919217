package org.cardcage.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    @Test
    void withoutWordsTheDefaultBoardRunsInTheUsersFolder() throws Exception {
        Options options = Options.parse();

        assertThat(options.action()).isEqualTo(Options.Action.RUN);
        assertThat(options.board()).isEqualTo("edu");
        assertThat(options.profile()).isEqualTo(Options.Profile.FULL);
        assertThat(options.state()).isEqualTo(Path.of(System.getProperty("user.home"), ".cardcage"));
        assertThat(options.command()).isEmpty();
        assertThat(options.script()).isEmpty();
    }

    @Test
    void valuesFollowOrAreJoinedByAnEqualsSign() throws Exception {
        Options options = Options.parse("--board", "two=cards", "--state=here", "-c", "lspci -v");

        assertThat(options.board()).isEqualTo("two=cards");
        assertThat(options.state()).isEqualTo(Path.of("here"));
        assertThat(options.command()).contains("lspci -v");
    }

    @ParameterizedTest
    @CsvSource({
        "--bogus, unknown option --bogus",
        "-x, unknown option -x",
        "stray, unexpected argument stray",
        "--state, --state needs a value",
        "--state=, --state needs a value",
        "-c, -c needs a value",
        "-c a -f b, -c and -f exclude each other"
    })
    void whatIsWrongIsSaid(String line, String complaint) {
        assertThatThrownBy(() -> Options.parse(line.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessage(complaint);
    }
}
