package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cardcage.machine.Scheduler;

/** {@code exit}, {@code poweroff} and {@code sleep}. */
final class SessionCommands {

    private SessionCommands() {}

    /** {@code exit}: the status is that of the last command unless given. */
    static final class Exit implements Command {

        private static final int BAD_NUMBER = 2;

        @Override
        public Help help() {
            return new Help("exit", "[STATUS]", "end the shell and the system", "exit 0");
        }

        @Override
        public int run(Invocation call) throws IOException {
            List<String> words = call.arguments();
            if (words.size() > 1) {
                call.message(NotFound.SHELL + ": exit: too many arguments");
                return 1;
            }
            if (words.equals(List.of("-h")) || words.equals(List.of("--help"))) {
                Options.parse(words, "");
            }
            int status = call.shell().status();
            if (!words.isEmpty()) {
                try {
                    status = (int) (Long.parseLong(words.get(0)) & 0xff);
                } catch (NumberFormatException e) {
                    call.message(NotFound.SHELL + ": exit: " + words.get(0) + ": numeric argument required");
                    status = BAD_NUMBER;
                }
            }
            call.shell().exit(status);
            return status;
        }
    }

    /** {@code poweroff}: ends with status 0. */
    static final class Poweroff implements Command {

        @Override
        public Help help() {
            return new Help("poweroff", "", "stop the system", "poweroff");
        }

        @Override
        public int run(Invocation call) {
            Options.parse(call.arguments(), "");
            call.shell().exit(0);
            return 0;
        }
    }

    /** {@code sleep}, in the time of the kernel. */
    static final class Sleep implements Command {

        private final Scheduler scheduler;

        Sleep(Scheduler scheduler) {
            this.scheduler = scheduler;
        }

        @Override
        public Help help() {
            return new Help("sleep", "SECONDS", "wait", "sleep 0.5");
        }

        @Override
        public int run(Invocation call) throws IOException {
            List<String> words = Options.parse(call.arguments(), "").operands();
            if (words.isEmpty()) {
                throw new Options.BadOptionException("missing operand");
            }
            long nanos = 0;
            for (String word : words) {
                nanos += nanos(word);
            }
            long deadline = scheduler.nanoTime() + nanos;
            while (scheduler.nanoTime() < deadline) {
                if (Thread.currentThread().isInterrupted()) {
                    return Interrupted.STATUS;
                }
                scheduler.park("sleep", deadline);
            }
            return 0;
        }

        private static long nanos(String word) {
            try {
                BigDecimal seconds = new BigDecimal(word);
                if (seconds.signum() >= 0) {
                    return seconds.movePointRight(9)
                            .setScale(0, RoundingMode.UP)
                            .min(BigDecimal.valueOf(TimeUnit.DAYS.toNanos(10000)))
                            .longValueExact();
                }
            } catch (NumberFormatException e) {
                throw invalid(word);
            }
            throw invalid(word);
        }

        private static Options.BadOptionException invalid(String word) {
            return new Options.BadOptionException("invalid time interval '" + word + "'");
        }
    }
}
