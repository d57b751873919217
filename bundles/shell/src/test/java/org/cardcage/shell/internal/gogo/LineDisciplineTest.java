package org.cardcage.shell.internal.gogo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jline.terminal.Attributes.ControlChar;
import org.junit.jupiter.api.Test;

class LineDisciplineTest {

    private static final Map<ControlChar, Integer> CONTROL =
            Map.of(ControlChar.VEOF, 4, ControlChar.VERASE, 127, ControlChar.VWERASE, 23, ControlChar.VKILL, 21);

    private static final char INTERRUPT = 3;

    private final ByteArrayOutputStream echo = new ByteArrayOutputStream();
    private int entered;
    private int left;

    private LineDiscipline typed(String keys) {
        InputStream in = new ByteArrayInputStream(keys.getBytes(StandardCharsets.UTF_8));
        return new LineDiscipline(
                new LineDiscipline.Keys() {
                    @Override
                    public Runnable enter() {
                        entered++;
                        return () -> left++;
                    }

                    @Override
                    public int next() throws IOException {
                        int key = in.read();
                        if (key == INTERRUPT) {
                            throw new InterruptedIOException();
                        }
                        return key;
                    }

                    @Override
                    public int control(ControlChar meaning) {
                        return CONTROL.getOrDefault(meaning, -1);
                    }
                },
                echo);
    }

    private static String read(LineDiscipline lines) throws IOException {
        byte[] bytes = new byte[100];
        int n = lines.read(bytes);
        return n < 0 ? "END" : new String(bytes, 0, n, StandardCharsets.UTF_8);
    }

    private String shown() {
        return echo.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aReadGivesOneLineThatWasShownWhileItWasTyped() throws IOException {
        LineDiscipline lines = typed("one\nzw\u00f6lf\n");

        assertThat(read(lines)).isEqualTo("one\n");
        assertThat(shown()).isEqualTo("one\n");
        assertThat((char) lines.read()).isEqualTo('z');
        assertThat(read(lines)).isEqualTo("w\u00f6lf\n");
        assertThat(entered).isEqualTo(2);
        assertThat(left).isEqualTo(2);
    }

    @Test
    void endOfInputIsCtrlDAtTheBeginningOfALine() throws IOException {
        LineDiscipline lines = typed("one\n\u0004two\u0004\u0004three\n");

        assertThat(read(lines)).isEqualTo("one\n");
        assertThat(read(lines)).isEqualTo("END");
        assertThat(read(lines)).isEqualTo("two");
        assertThat(read(lines)).isEqualTo("END");
        assertThat(read(lines)).isEqualTo("three\n");
        assertThat(shown()).isEqualTo("one\ntwothree\n");
    }

    @Test
    void whatWasTypedCanBeErased() throws IOException {
        assertThat(read(typed("ab\u007fc\n"))).isEqualTo("ac\n");
        assertThat(shown()).isEqualTo("ab\b \bc\n");
        assertThat(read(typed("\u00f6\u007f\u007fx\u0001\b\n"))).isEqualTo("x\n");
        assertThat(shown()).endsWith("\u00f6\b \bx^A\b \b\b \b\n");
        assertThat(read(typed("one two \u0017x\n"))).isEqualTo("one x\n");
        assertThat(read(typed("one two\u0015x\n"))).isEqualTo("x\n");
    }

    @Test
    void anInterruptEndsTheReadAndGivesTheTerminalBack() throws IOException {
        LineDiscipline lines = typed("ab" + INTERRUPT + "c\n");

        assertThatThrownBy(() -> read(lines)).isInstanceOf(InterruptedIOException.class);
        assertThat(left).isEqualTo(entered).isEqualTo(1);
        assertThat(shown()).isEqualTo("ab^C");
        assertThat(read(lines)).isEqualTo("c\n");
    }

    @Test
    void theRestOfALineIsNotForTheNextCommand() throws IOException {
        LineDiscipline lines = typed("one\ntwo\n");

        assertThat((char) lines.read()).isEqualTo('o');
        lines.discard();
        assertThat(read(lines)).isEqualTo("two\n");
    }
}
