package org.cardcage.shell.internal.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UserCommandsTest {

    @Test
    void whoIsNotNamedOtherwiseIsTheSuperuser() {
        assertThat(Run.of(new UserCommands.Id())).isEqualTo(new Run(0, "uid=0(root) gid=0(root) groups=0(root)\n", ""));
    }

    @Test
    void thereAreRootAndNobody() {
        UserCommands.Su su = new UserCommands.Su();

        assertThat(Run.of(su, "nobody")).isEqualTo(new Run(0, "", ""));
        assertThat(Run.of(su)).isEqualTo(new Run(0, "", ""));
        assertThat(Run.of(su, "alice"))
                .isEqualTo(new Run(
                        1,
                        "",
                        "su: user alice does not exist or the user entry does not contain all the required fields\n"));
        assertThat(su.offers("USER", List.of())).containsExactlyInAnyOrder("nobody", "root");
    }
}
