package org.cardcage.qemu;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.cardcage.machine.Machine;
import org.cardcage.machine.Scheduler;
import org.cardcage.qemu.internal.GuestMachine;
import org.cardcage.qemu.internal.QemuProcess;
import org.cardcage.qemu.internal.QemuProgram;
import org.slf4j.LoggerFactory;

/** Collects what makes a {@link QemuMachine}; not for use by several threads. */
public final class QemuBuilder {

    private final Scheduler scheduler;
    private String name = "qemu";
    private List<String> arguments = List.of();
    private Map<String, String> environment = System.getenv();
    private Consumer<Machine> firmware;
    private boolean steppedClock;
    private Duration patience = QemuProcess.PATIENCE;
    private Consumer<String> reporter =
            message -> LoggerFactory.getLogger(QemuMachine.class).warn(message);

    QemuBuilder(Scheduler scheduler) {
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    }

    /** Name of the machine, for people and in the names of threads. */
    public QemuBuilder name(String value) {
        name = Objects.requireNonNull(value, "name");
        return this;
    }

    /**
     * Arguments of QEMU, in front of which stand {@code -machine pc -nodefaults -m 256M}; later ones win. The machine must be {@code
     * pc} or {@code q35}.
     */
    public QemuBuilder arguments(List<String> value) {
        arguments = List.copyOf(value);
        return this;
    }

    /** The same. */
    public QemuBuilder arguments(String... value) {
        return arguments(List.of(value));
    }

    /** Where {@code CARDCAGE_QEMU} and {@code PATH} are looked up; the process's environment if not said. */
    public QemuBuilder environment(Map<String, String> value) {
        environment = Map.copyOf(value);
        return this;
    }

    /**
     * Gives bus numbers and addresses to the functions before anybody uses the machine, whose description then says that firmware has
     * run. Nothing does if this is not said.
     */
    public QemuBuilder firmware(Consumer<Machine> value) {
        firmware = Objects.requireNonNull(value, "firmware");
        return this;
    }

    /** Virtual time passes by {@link QemuMachine#step} only; otherwise it follows the scheduler's. */
    public QemuBuilder steppedClock() {
        steppedClock = true;
        return this;
    }

    /** How long QEMU may be silent while somebody waits for it; then it is killed. */
    public QemuBuilder patience(Duration value) {
        patience = Objects.requireNonNull(value, "patience");
        return this;
    }

    /** Takes what QEMU prints and why it has ended; goes to the log if not said. Called from any thread. */
    public QemuBuilder reporter(Consumer<String> value) {
        reporter = Objects.requireNonNull(value, "reporter");
        return this;
    }

    /**
     * Starts QEMU, which takes some tenths of a second, and lets firmware run.
     *
     * @throws IOException if there is no QEMU that can do it, or it does not start; the message says what to install or what QEMU has said
     */
    public QemuMachine start() throws IOException {
        return new GuestMachine(new GuestMachine.Setup(
                QemuProgram.find(environment), scheduler, name, arguments, firmware, steppedClock, patience, reporter));
    }
}
