package org.cardcage.shell.internal.gogo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.cardcage.shell.internal.command.CommandSetForTests;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions by status, and <code>[ ]</code>. */
@Timeout(120)
class ControlTest {

    private static final ThreadIOImpl THREAD_IO = new ThreadIOImpl();

    @TempDir
    private Path folder;

    private final CommandProcessorImpl processor = new CommandProcessorImpl(THREAD_IO);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void takeStreams() {
        THREAD_IO.start();
    }

    @AfterAll
    static void giveStreamsBack() {
        THREAD_IO.stop();
    }

    @BeforeEach
    void start() {
        CommandSetForTests.simple().forEach(command -> {
            GogoCommand function = new GogoCommand(command);
            processor.addCommand(GogoCommand.SCOPE, function, function.name());
        });
    }

    @AfterEach
    void stop() {
        processor.stop();
    }

    private int run(String script) throws IOException {
        KernelSession session = new KernelSession(processor, InputStream.nullInputStream(), out, err, folder);
        try {
            return new ScriptRunner(new LineRunner(session))
                    .run(new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8)));
        } finally {
            session.close();
        }
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void ifLooksAtTheStatusOfACommand() throws IOException {
        run("if { echo ok } { echo yes } else { echo no }");
        run(
                "if { test a = b } then { echo no } elif { test a != a } { echo no } elif { true } { echo elif } else { echo no }");
        run("if { cat /nothing } { echo no } { echo else }");
        run("if { nosuch } { echo no }; echo $?");

        assertThat(text()).isEqualTo("ok\nyes\nelif\nelse\n0\n");
        assertThat(errors())
                .isEqualTo("cat: /nothing: No such file or directory\ncardcage: nosuch: command not found\n");
    }

    @Test
    void theStatusIsThatOfWhatWasExecuted() throws IOException {
        assertThat(run("if { true } { echo a; false }")).isEqualTo(1);
        assertThat(run("if { false } { echo a }")).isZero();
        assertThat(run("not { true }")).isEqualTo(1);
        assertThat(run("not { test a = b } && echo not")).isZero();
        assertThat(text()).isEqualTo("a\nnot\n");
    }

    @Test
    void aLoopEndsWithItsConditionOrABreak() throws IOException {
        run("x=a; until { test $x = aa } do {\necho $x\nx=aa\n}; echo $?");
        run("while { true } { while { true } { break }; echo once; break; echo no }; echo after");
        run("x=a; while { test $x = a } { x=b; continue; echo no }; echo end");

        assertThat(text()).isEqualTo("a\n0\nonce\nafter\nend\n");
        assertThat(errors()).isEmpty();
    }

    @Test
    void commandsInBracesMayStandInLinesOfTheirOwn() throws IOException {
        run("if { true } {\n  # it's a remark {\n  x=1 # {\n  echo \"a\nb\" $x\n} else {\n  echo no\n}");
        run("{\necho c |\ncat\nfalse ||\necho d &&\necho e\n}");
        run("(\ny=2\n\necho $y\n)");
        run("z=f; while { test $z != fff } {\n\tz=\"f$z\"\n\techo $z\n}");

        assertThat(text()).isEqualTo("a\nb 1\nc\nd\ne\n2\nff\nfff\n");
        assertThat(errors()).isEmpty();
    }

    @Test
    void bracketsAreATest() throws IOException {
        assertThat(run("[ -e /full ]")).isZero();
        assertThat(run("[ -e /no ]")).isEqualTo(1);
        assertThat(run("[ a = b ]")).isEqualTo(1);
        assertThat(run("[ \"a b\" = \"a b\" ]")).isZero();
        assertThat(run("[ ! -e /no ]")).isZero();
        assertThat(run("x=5; [ $x -gt 4 ] && [ $x -lt 6 ] && echo between")).isZero();
        assertThat(run("if { [ -f /full ] } { echo full }")).isZero();
        assertThat(run("[ a -eq 1 ]")).isEqualTo(2);

        assertThat(text()).isEqualTo("between\nfull\n");
        assertThat(errors()).isEqualTo("test: a: integer expression expected\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[-e /full]",
                "[ a != a ] && echo no",
                "[ -e /full ] | cat",
                "[ -e /full ] > f",
                "echo no; [ -e /full ] x",
                "[ a; echo no ]",
                "[[ -e /no ]] && echo no",
                "if { true } { echo no } | cat",
                "if [ -e /full ] { echo no }",
                "if { true } { echo no } else",
                "if { true } echo no",
                "while { true }",
                "each [a b] { if { false } { echo no } }",
                "each [a b] { [ -e /no ] && echo no }",
                "f = { not { true } }"
            })
    void whatCannotBeIsASyntaxErrorBeforeAnythingIsExecuted(String line) throws IOException {
        assertThat(run(line)).isEqualTo(2);
        assertThat(text()).isEmpty();
        assertThat(errors()).startsWith("cardcage: syntax error: ").hasLineCount(1);
    }
}
