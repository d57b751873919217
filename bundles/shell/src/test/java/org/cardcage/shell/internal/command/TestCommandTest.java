package org.cardcage.shell.internal.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestCommandTest {

    private final FakeTree tree = new FakeTree();

    @BeforeEach
    void plant() {
        tree.directory("/dev");
        tree.device("/dev/edu0", 246, 0, new byte[0]);
        tree.file("/full", new byte[1]);
        tree.file("/empty", new byte[0]);
        tree.link("/link", "/full");
    }

    private Run test(String expression) {
        // a comma stands for an empty word
        String[] words = expression.isEmpty() ? new String[0] : expression.split(" ");
        for (int i = 0; i < words.length; i++) {
            words[i] = words[i].equals(",") ? "" : words[i];
        }
        return Run.of(new TestCommand(tree), words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-e /full",
                "-f /full",
                "-f /link",
                "-L /link",
                "-h /link",
                "-d /dev",
                "-c /dev/edu0",
                "-s full",
                "-r /full",
                "-n a",
                "-z ,",
                "a",
                "-e",
                "!",
                "a = a",
                "a == a",
                "a = = a",
                "a != b",
                ", = ,",
                "-e = -e",
                "! = !",
                "5 -eq 05",
                "-1 -lt 0",
                "1 -le 1",
                "99999999999999999999 -gt 1",
                "2 -ge 2",
                "1 -ne 2",
                "! -e /no",
                "! , ",
                "! a = b",
                "! ! a",
                "a -a b",
                ", -o a",
                "a = a -a ! -e /no",
                "a -o a -a ,"
            })
    void theseHold(String expression) {
        assertThat(test(expression)).isEqualTo(new Run(0, "", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "-e /no",
                "-e ,",
                "-f /dev",
                "-d /full",
                "-c /full",
                "-L /full",
                "-s /empty",
                "-r /no",
                "-n ,",
                "-z a",
                "a = b",
                "a != a",
                "5 -eq 6",
                "! a",
                "! -e /full",
                "a -a ,",
                ", -o ,",
                ", -a a -o ,"
            })
    void theseDoNot(String expression) {
        assertThat(test(expression)).isEqualTo(new Run(1, "", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a -eq 1", "1 -eq ,", "-q /full", "a = b c", "a -a", "a = a -o", "( a )"})
    void theseMakeNoSense(String expression) {
        Run run = test(expression);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.errors()).startsWith("test: ").hasLineCount(1);
    }
}
