package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** {@code date}: the time of the host. */
final class DateCommand implements Command {

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss zzz yyyy", Locale.ENGLISH);

    private final Clock clock;

    DateCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Help help() {
        return new Help("date", "", "print the time of day", "date");
    }

    @Override
    public int run(Invocation call) throws IOException {
        Options.parse(call.arguments(), "");
        call.println(FORMAT.format(ZonedDateTime.now(clock)));
        return 0;
    }
}
