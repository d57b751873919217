package org.cardcage.shell.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.cardcage.kernel.Kernel;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.shell.internal.lspci.function.PciIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HelpTest {

    /** Those whose original knows the option otherwise, or takes it for a word. */
    private static final List<String> OTHERS = List.of("test", "setpci", "echo", "default", "lspci", "grep", "ls");

    private static List<Command> all() {
        SteppedScheduler scheduler = new SteppedScheduler();
        Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
        FakeTree tree = new FakeTree();
        return new CommandSet(kernel, tree, null, new FakeKmod(), () -> PciIds.EMPTY, Clock.systemUTC()).commands();
    }

    private static Stream<String> names() {
        return all().stream().map(c -> c.help().name()).filter(name -> !OTHERS.contains(name));
    }

    private static Command command(String name) {
        return all().stream()
                .filter(c -> c.help().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyCommandTellsItsUsageWhenAsked(String name) {
        assertThatThrownBy(() -> Run.of(command(name), "-h")).isInstanceOf(Options.HelpWantedException.class);
        assertThatThrownBy(() -> Run.of(command(name), "--help")).isInstanceOf(Options.HelpWantedException.class);
    }

    @Test
    void anOptionThatTheOriginalUsesOtherwiseStaysOne() {
        assertThatThrownBy(() -> Run.of(command("ls"), "-h")).hasMessage("invalid option -- 'h'");
        assertThat(Run.of(command("grep"), "-h", "typed").text()).isEqualTo("typed\n");
        assertThat(Run.of(command("lspci"), "-h").errors()).startsWith("lspci: invalid option -- 'h'\nUsage: lspci ");
        assertThat(Run.of(command("echo"), "-h").text()).isEqualTo("-h\n");
        assertThat(Run.of(command("test"), "-h").status())
                .as("a word that is not empty")
                .isZero();
        assertThatThrownBy(() -> Run.of(command("test"), "--help")).isInstanceOf(Options.HelpWantedException.class);
    }

    @Test
    void theListFitsATerminalAndEndsWithTheSyntax() {
        Run run = Run.of(command("help"));

        assertThat(run.text().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(run.text()).contains("\nlspci ", "| > >> <", "history").doesNotContain("default");
    }

    @Test
    void aCommandMayHaveSeveralExamples() {
        assertThat(Run.of(command("help"), "insmod").text())
                .endsWith("Example: insmod edu read_mode=2\n         insmod ./edu.jar\n");
    }
}
