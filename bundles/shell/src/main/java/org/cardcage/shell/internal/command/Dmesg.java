package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.slf4j.event.Level;

/** {@code dmesg}: the lines of the kernel log. */
final class Dmesg implements Command {

    private final KernelLog log;

    Dmesg(KernelLog log) {
        this.log = log;
    }

    @Override
    public Help help() {
        return new Help(
                "dmesg",
                "[-c | -C | -D | -E | -n LEVEL]",
                "print the kernel log, -c and clear it, -C only clear it\n"
                        + "-D keeps it off the screen, -E and -n err|warn|info show it there",
                "dmesg -n info");
    }

    @Override
    public int run(Invocation call) throws IOException {
        Options options = Options.parse(call.arguments(), "cCDEn:");
        if (!options.operands().isEmpty()) {
            throw new Options.BadOptionException("bad usage");
        }
        if (options.has("D")) {
            log.setConsoleLevel(Optional.empty());
        } else if (options.has("E")) {
            log.setConsoleLevel(Optional.of(Level.WARN));
        } else if (options.has("n")) {
            log.setConsoleLevel(Optional.of(level(options.value("n").orElseThrow())));
        } else {
            showAndClear(call, !options.has("C"), options.has("c") || options.has("C"));
        }
        return 0;
    }

    @Override
    public List<String> offers(String kind, List<String> before) {
        return List.of("err", "warn", "info");
    }

    private static Level level(String name) throws Options.BadOptionException {
        return switch (name) {
            case "err", "3" -> Level.ERROR;
            case "warn", "4" -> Level.WARN;
            case "info", "6" -> Level.INFO;
            default -> throw new Options.BadOptionException("unknown level '" + name + "'");
        };
    }

    private void showAndClear(Invocation call, boolean show, boolean clear) throws IOException {
        if (show) {
            for (LogRecord line : log.records()) {
                call.println(line.toString());
            }
        }
        if (clear) {
            log.clear();
        }
    }
}
