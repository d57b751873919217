package org.cardcage.shell.internal.command;

import java.io.IOException;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;

/** {@code dmesg}: the lines of the kernel log. */
final class Dmesg implements Command {

    private final KernelLog log;

    Dmesg(KernelLog log) {
        this.log = log;
    }

    @Override
    public Help help() {
        return new Help("dmesg", "[-c | -C]", "print the kernel log, -c and clear it, -C only clear it", "dmesg");
    }

    @Override
    public int run(Invocation call) throws IOException {
        Options options = Options.parse(call.arguments(), "cC");
        if (!options.operands().isEmpty()) {
            throw new Options.BadOptionException("bad usage");
        }
        if (!options.has("C")) {
            for (LogRecord line : log.records()) {
                call.println(line.toString());
            }
        }
        if (options.has("c") || options.has("C")) {
            log.clear();
        }
        return 0;
    }
}
