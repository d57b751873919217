package org.cardcage.shell.internal.gogo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.Job;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.shell.internal.command.Cat;
import org.cardcage.shell.internal.command.Command;
import org.cardcage.shell.internal.command.Echo;
import org.cardcage.shell.internal.command.FakeTree;
import org.cardcage.shell.internal.command.Head;
import org.cardcage.shell.internal.command.Invocation;
import org.cardcage.shell.internal.command.NotFound;
import org.cardcage.shell.internal.command.ShellState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our commands and sessions on Gogo's runtime; redirections go to files of the host here. */
class GogoShellTest {

    private static final byte[] ALL_BYTES = allBytes();

    /** One for all tests: a thread of Gogo that ends after its test puts the streams of its test back in place. */
    private static final ThreadIOImpl THREAD_IO = new ThreadIOImpl();

    @TempDir
    private Path folder;

    private final CommandProcessorImpl processor = new CommandProcessorImpl(THREAD_IO);
    private final FakeTree tree = new FakeTree();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private static byte[] allBytes() {
        byte[] bytes = new byte[3 * 256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** A command made of a lambda. */
    private record Fake(String name, Body body) implements Command {

        interface Body {
            int run(Invocation call) throws IOException;
        }

        @Override
        public Help help() {
            return new Help(name, "", "for tests", name);
        }

        @Override
        public int run(Invocation call) throws IOException {
            return body.run(call);
        }
    }

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
        tree.file("/bytes", ALL_BYTES);
        List.of(new Cat(tree), new Echo(), new Head(tree), new NotFound(tree)).forEach(this::add);
        add(new Fake("fail", call -> 3));
        add(new Fake("exit", call -> {
            ShellState shell = call.shell();
            int status = call.arguments().isEmpty()
                    ? shell.status()
                    : Integer.parseInt(call.arguments().get(0));
            shell.exit(status);
            return status;
        }));
    }

    @AfterEach
    void stop() {
        processor.stop();
    }

    private void add(Command command) {
        GogoCommand function = new GogoCommand(command);
        processor.addCommand(GogoCommand.SCOPE, function, function.name());
    }

    private int run(String script) throws IOException {
        return run(script, new ByteArrayInputStream(new byte[0]));
    }

    private int run(String script, InputStream in) throws IOException {
        KernelSession session = new KernelSession(processor, in, out, err, folder);
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
    void everyPartOfALineIsExecutedAndTheLastOneGivesTheStatus() throws IOException {
        assertThat(run("echo 1; fail; nosuchcommand; echo 2")).isZero();
        assertThat(run("echo 3; fail")).isEqualTo(3);

        assertThat(text()).isEqualTo("1\n2\n3\n");
        assertThat(errors()).isEqualTo("cardcage: nosuchcommand: command not found\n");
    }

    @Test
    void anUnknownCommandGives127() throws IOException {
        assertThat(run("nosuchcommand")).isEqualTo(127);
        assertThat(run("no:such")).isEqualTo(127);
        assertThat(errors())
                .isEqualTo("cardcage: nosuchcommand: command not found\ncardcage: no:such: command not found\n");
    }

    @Test
    void andAndOrLookAtTheStatus() throws IOException {
        run(
                "fail && echo no; fail || echo yes; echo a && echo b; echo c || echo no; nosuch || echo d; fail && echo no || echo e");

        assertThat(text()).isEqualTo("yes\na\nb\nc\nd\ne\n");
    }

    @Test
    void trueAndFalseAreCommands() throws IOException {
        assertThat(run("false")).isEqualTo(1);
        assertThat(run("false; true")).isZero();
        run("false || echo yes; true && echo too");

        assertThat(text()).isEqualTo("yes\ntoo\n");
    }

    @Test
    void theLastStatusIsAVariable() throws IOException {
        run("fail; echo $?; echo $?; fail; echo \"a $?b\" 'c $?'");

        assertThat(text()).isEqualTo("3\n0\na 3b c $?\n");
    }

    @Test
    void anAssignmentPrintsNothing() throws IOException {
        assertThat(run("x = 5; y=six; echo $x $y")).isZero();

        assertThat(text()).isEqualTo("5 six\n");
    }

    @Test
    void exitEndsAtOnce() throws IOException {
        assertThat(run("echo 1; exit 7; echo 2\necho 3")).isEqualTo(7);
        assertThat(run("fail\nexit")).isEqualTo(3);
        assertThat(text()).isEqualTo("1\n");
    }

    @Test
    void aLineThatCannotBeParsedIsToldAndTheNextOneIsExecuted() throws IOException {
        assertThat(run("echo )\necho next")).isZero();

        assertThat(errors()).startsWith("cardcage: syntax error: ").doesNotContain("Exception");
        assertThat(text()).isEqualTo("next\n");
    }

    @Test
    void aConstructMayGoOnInTheNextLine() throws IOException {
        run("echo \"a\nb\"\necho c |\ncat");
        assertThat(text()).isEqualTo("a\nb\nc\n");

        assertThat(run("echo \"a")).isEqualTo(2);
        assertThat(errors()).isEqualTo("cardcage: syntax error: unexpected end of file\n");
    }

    @Test
    void commentsAndEmptyLinesAreSkipped() throws IOException {
        assertThat(run("fail\n\n# a comment\n  \n")).isEqualTo(3);
        assertThat(run("echo a # b")).isZero();
        assertThat(text()).isEqualTo("a\n");
        assertThat(errors()).isEmpty();
    }

    @Test
    void bytesPassThroughPipesAsTheyAre() throws IOException {
        run("cat /bytes | cat | cat");

        assertThat(out.toByteArray()).isEqualTo(ALL_BYTES);
    }

    @Test
    void bytesPassThroughRedirectionsAsTheyAre() throws IOException {
        run("cat /bytes > copy; cat < copy > again; cat < again >> again2; cat < copy >> again2");

        byte[] twice = Files.readAllBytes(folder.resolve("again2"));
        assertThat(Files.readAllBytes(folder.resolve("again"))).isEqualTo(ALL_BYTES);
        assertThat(twice).hasSize(2 * ALL_BYTES.length).startsWith(ALL_BYTES).endsWith(ALL_BYTES);
    }

    @Test
    void standardErrorCanBeRedirected() throws IOException {
        run("cat /nothing 2> errors; nosuch 2>> errors");

        assertThat(folder.resolve("errors"))
                .hasContent("cat: /nothing: No such file or directory\ncardcage: nosuch: command not found\n");
        assertThat(errors()).isEmpty();
    }

    @Test
    void aRedirectionThatCannotBeOpenedIsToldInTheWordsOfLinux() throws IOException {
        assertThat(run("echo x > no/such")).isEqualTo(1);
        assertThat(run("cat < nothing; cat < /no/thing | cat; echo on")).isZero();

        assertThat(errors())
                .isEqualTo("cardcage: no/such: No such file or directory\n"
                        + "cardcage: nothing: No such file or directory\n"
                        + "cardcage: /no/thing: No such file or directory\n");
        assertThat(text()).isEqualTo("on\n");
    }

    /** Status of the last of these lines, whose standard output is a stream that fails. */
    private int runWithoutOutput(IOException failure, String... lines) {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw failure;
            }
        };
        KernelSession session = new KernelSession(processor, InputStream.nullInputStream(), broken, err, folder);
        try {
            LineRunner runner = new LineRunner(session);
            List.of(lines).forEach(runner::run);
            return runner.status();
        } finally {
            session.close();
        }
    }

    @Test
    void aWriteThatFailsIsToldInTheWordsOfBash() {
        IOException failure = new IOException(new KernelException(Errno.EINVAL));

        assertThat(runWithoutOutput(failure, "echo abc", "cat /bytes")).isEqualTo(1);
        assertThat(errors())
                .isEqualTo("cardcage: echo: write error: Invalid argument\ncat: write error: Invalid argument\n");
    }

    @Test
    void aFullDeviceOfTheHostIsAnErrorAndAClosedPipeTheQuietEnd() {
        assertThat(runWithoutOutput(new IOException("No space left on device"), "echo abc"))
                .isEqualTo(1);
        assertThat(errors()).isEqualTo("cardcage: echo: write error: No space left on device\n");
        assertThat(runWithoutOutput(new IOException("Broken pipe"), "echo abc")).isEqualTo(141);
        assertThat(errors()).hasLineCount(1);
    }

    @Test
    void aWriterWhoseReaderHasGoneEndsQuietly() throws IOException {
        add(new Fake("yes", call -> {
            while (true) {
                call.print("y\n");
            }
        }));

        assertThat(run("yes | head -1")).isZero();
        assertThat(text()).isEqualTo("y\n");
        assertThat(errors()).isEmpty();
    }

    @Test
    void commandsReadTheRestOfTheScript() throws IOException {
        InputStream script = new ByteArrayInputStream("echo 1\ncat\necho 2\n".getBytes(StandardCharsets.UTF_8));
        KernelSession session = new KernelSession(processor, script, out, err, folder);

        assertThat(new ScriptRunner(new LineRunner(session)).run(script)).isZero();
        session.close();

        assertThat(text()).isEqualTo("1\necho 2\n");
    }

    @Test
    void anInterruptEndsTheCommandAndNotTheSession() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        add(new Fake("hang", call -> {
            waiting.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                ended.set(true);
                Thread.currentThread().interrupt();
                call.println("last words");
            }
            return 0;
        }));
        KernelSession session = new KernelSession(processor, InputStream.nullInputStream(), out, err, folder);
        LineRunner runner = new LineRunner(session);
        Thread finger = new Thread(() -> {
            try {
                waiting.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Job job = session.foregroundJob();
            job.interrupt();
        });
        finger.start();

        runner.run("hang");
        assertThat(runner.status()).isEqualTo(130);
        finger.join();
        runner.run("echo alive");
        session.close();

        assertThat(runner.status()).isZero();
        assertThat(text()).endsWith("alive\n");
        assertThat(errors()).isEmpty();
    }

    @Test
    @Timeout(120)
    void anInterruptOfACommandThatHasNotBegunHangsNobodyWhileAnotherRunsInTheBackground() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        add(new Fake("background", call -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            return 0;
        }));
        KernelSession session = new KernelSession(processor, InputStream.nullInputStream(), out, err, folder);
        LineRunner runner = new LineRunner(session);
        runner.run("background &");
        begun.await();
        AtomicReference<Thread> finger = new AtomicReference<>();
        session.setJobListener((job, before, now) -> {
            if (now == Job.Status.Foreground) { // Gogo is about to give it a thread
                finger.set(new Thread(session::interrupt));
                finger.get().start();
            }
        });

        for (int i = 0; i < 300; i++) {
            session.forgetInterrupt();
            runner.run("echo " + i);
            finger.get().join();
        }

        session.setJobListener((job, before, now) -> {});
        assertThat(session.jobs()).extracting(Job::status).containsExactly(Job.Status.Background);
        end.countDown();
        await().until(() -> session.jobs().isEmpty());
        session.close();
    }

    @Test
    void aBackgroundJobThatBeginsAfterAnInterruptOfAnotherCommandRuns() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        add(new Fake("work", call -> {
            ran.countDown();
            return 0;
        }));
        KernelSession session = new KernelSession(processor, InputStream.nullInputStream(), out, err, folder);
        session.setJobListener((job, before, now) -> {
            if (now == Job.Status.Background) {
                session.interrupt();
            }
        });

        new LineRunner(session).run("work &");

        assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        session.close();
    }

    @Test
    void whatIsSetInParenthesesEndsWithThem() throws IOException {
        assertThat(run("x=1; (x=2; y=3; echo $x $y; (y=4); echo $y; fail); echo $? $x \"<$y>\"; { x=5; }; echo $x"))
                .isZero();

        assertThat(text()).isEqualTo("2 3\n3\n3 1 <>\n5\n");
        assertThat(errors()).isEmpty();
    }

    @Test
    void aJobBroughtToTheForegroundIsWaitedForAndCanBeInterrupted() throws Exception {
        add(new Fake("hang", call -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            return 0;
        }));
        processor.addCommand("gogo", new Builtin(), "fg");
        KernelSession session = new KernelSession(processor, InputStream.nullInputStream(), out, err, folder);
        AtomicReference<Job> foreground = new AtomicReference<>();
        session.setJobListener((job, before, now) -> {
            if (before == Job.Status.Background && now == Job.Status.Foreground) {
                foreground.set(job);
            }
        });
        LineRunner runner = new LineRunner(session);
        Thread finger = new Thread(() -> {
            Job job = await().until(foreground::get, Objects::nonNull);
            await().until(() -> session.foregroundJob() == job);
            job.interrupt();
        });
        finger.start();

        runner.run("hang &");
        runner.run("fg");
        finger.join();

        assertThat(runner.status()).isEqualTo(130);
        assertThat(session.jobs()).isEmpty();
        runner.run("echo alive");
        session.close();
        assertThat(text()).isEqualTo("alive\n");
        assertThat(errors()).isEmpty();
    }

    @Test
    void commandsInParenthesesOrBracesAreAllExecuted() throws IOException {
        assertThat(run("(echo a; echo b)")).isZero();
        assertThat(run("{ echo c; echo d; fail; }")).isEqualTo(3);
        assertThat(run("(fail; echo e) && { nosuch\necho f\n}; (fail) || (echo g; (echo h))"))
                .isZero();
        assertThat(run("(echo i; exit 4; echo no); echo $?")).isZero();

        assertThat(text()).isEqualTo("a\nb\nc\nd\ne\nf\ng\nh\ni\n4\n");
        assertThat(errors()).isEqualTo("cardcage: nosuch: command not found\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(echo a; echo b) | cat",
                "echo a | { cat; }",
                "(echo a) > /dev/null",
                "(echo a) &",
                "echo a; (echo b) c",
                "{ (echo a) < f; }",
                "(echo a"
            })
    void aGroupWhereItCannotBeIsASyntaxErrorBeforeAnythingIsExecuted(String line) throws IOException {
        assertThat(run(line)).isEqualTo(2);
        assertThat(text()).isEmpty();
        assertThat(errors()).startsWith("cardcage: syntax error: ").hasLineCount(1);
    }

    /** Public methods are commands for Gogo. */
    public static final class Foreign {

        public String lb(Foreign other) {
            return "bundles of " + other;
        }
    }

    @Test
    void commandsOfOtherBundlesAreFoundInTheirOwnScopeOnly() throws IOException {
        processor.addCommand("felix", new Foreign(), "lb");

        assertThat(run("lb x")).isEqualTo(127);
        assertThat(run("felix:lb x")).isEqualTo(2);
        assertThat(errors()).isEqualTo("cardcage: lb: command not found\ncardcage: lb: it does not take these words\n");
    }

    @Test
    void anErrorLeavesNoVariable() {
        KernelSession session = new KernelSession(processor, InputStream.nullInputStream(), out, err, folder);
        LineRunner runner = new LineRunner(session);

        runner.run("cat < nothing | cat; cat < nothing; $nothing x");

        assertThat(session.getVariables().keySet().stream().filter(name -> !name.startsWith(".")))
                .containsExactlyInAnyOrder("SCOPE", "status");
        session.close();
    }

    @Test
    void optionsThatDoNotExistAreRefusedAndHelpIsGiven() throws IOException {
        assertThat(run("cat -z")).isEqualTo(1);
        assertThat(errors()).isEqualTo("cat: invalid option -- 'z'\nTry 'cat --help' for more information.\n");
        assertThat(run("cat --help")).isZero();
        assertThat(text()).startsWith("Usage: cat [FILE]...\n").contains("Example: cat /dev/edu0\n");
    }

    @Test
    void aFaultOfGogoIsALineWithoutAStack() throws IOException {
        assertThat(run("$nothing x")).isEqualTo(1);
        assertThat(errors()).startsWith("cardcage: ").hasLineCount(1);
    }

    @Test
    void aPatternIsExpandedOrLeftAsItIs() throws IOException {
        Files.createDirectories(folder.resolve("it's a/b"));
        Files.createFile(folder.resolve("it's a/b/.hidden"));
        Files.createFile(folder.resolve("it's a/b/edu0"));
        Files.createFile(folder.resolve("edu0"));
        Files.createFile(folder.resolve("edu1"));

        run("echo edu* *:*.1 x?; echo edu? y* | cat; echo 'edu*'; echo */b/*; echo */edu*; echo " + folder + "/*1");

        assertThat(text())
                .isEqualTo("edu0 edu1 *:*.1 x?\nedu0 edu1 y*\nedu*\nit's a/b/edu0\n*/edu*\n" + folder + "/edu1\n");
        assertThat(errors()).isEmpty();
    }

    @Test
    void wordsAreHandedOverAsWritten() throws IOException {
        run("echo 0x10 007 1.50 null true -5 0000:00:04.0 'a  b' \"c\"");

        assertThat(text()).isEqualTo("0x10 007 1.50 null true -5 0000:00:04.0 a  b c\n");
    }

    @Test
    @Timeout(120)
    void aScriptNestedTooDeeplyIsASyntaxErrorAndNotTheEnd() throws IOException {
        assertThat(run("(".repeat(100_000))).isEqualTo(2);
        assertThat(run("(".repeat(100_000) + "echo a" + ")".repeat(100_000) + "\necho next"))
                .isZero();

        assertThat(errors()).startsWith("cardcage: syntax error: commands are nested too deeply\n");
        assertThat(text()).isEqualTo("next\n");
    }

    @Test
    @Timeout(120)
    void anErrorOfTheVirtualMachineInACommandIsToldAndTheNextLineIsExecuted() throws IOException {
        add(new Fake("overflow", call -> {
            throw new StackOverflowError();
        }));

        assertThat(run("overflow")).isEqualTo(1);
        assertThat(run("overflow\necho next")).isZero();
        assertThat(errors()).contains("StackOverflowError");
        assertThat(text()).isEqualTo("next\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo c |\ncat",
                "echo c | \ncat",
                "echo c | # why\ncat",
                "echo c |\n\n# why\ncat",
                "echo c | cat |\ncat",
                "echo a &&\necho c",
                "false ||\necho c",
                "true; echo c|\n cat"
            })
    void aLineThatEndsInTheMiddleGoesOnInTheNext(String script) throws IOException {
        assertThat(run(script)).isZero();
        assertThat(text()).endsWith("c\n");
        assertThat(errors()).isEmpty();
    }
}
