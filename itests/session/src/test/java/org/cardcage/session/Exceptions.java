package org.cardcage.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The cases that are not run, or whose answer is another one, each with its reason. A line is {@code skip ID :: REASON}, {@code
 * skip /REGEX/ :: REASON} for all commands in which the expression is found, or {@code differs ID :: REASON}.
 *
 * <p>Threads: one.
 */
final class Exceptions {

    private record Entry(String line, boolean skip, String id, Pattern command) {
        boolean fits(RecordedCase recorded) {
            return command == null
                    ? recorded.id().equals(id)
                    : command.matcher(recorded.command()).find();
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final Set<Entry> used = new HashSet<>();

    Exceptions(List<String> lines) {
        for (String line : lines) {
            int reason = line.indexOf(" :: ");
            if (reason < 0 || reason + 4 == line.length()) {
                throw new IllegalArgumentException("an exception without a reason: " + line);
            }
            boolean skip = line.startsWith("skip ");
            String what = line.substring(line.indexOf(' ') + 1, reason);
            boolean regex = what.startsWith("/") && what.endsWith("/");
            entries.add(new Entry(
                    line, skip, what, regex ? Pattern.compile(what.substring(1, what.length() - 1)) : null));
        }
    }

    boolean isNotRun(RecordedCase recorded) {
        return find(recorded, true);
    }

    boolean isDifferent(RecordedCase recorded) {
        return find(recorded, false);
    }

    private boolean find(RecordedCase recorded, boolean skip) {
        List<Entry> fitting = entries.stream()
                .filter(entry -> entry.skip() == skip && entry.fits(recorded))
                .toList();
        used.addAll(fitting);
        return !fitting.isEmpty();
    }

    /** How many cases are run and known to differ. */
    int differences() {
        return (int) entries.stream().filter(entry -> !entry.skip()).count();
    }

    /** Lines that fitted no case. */
    List<String> unused() {
        return entries.stream()
                .filter(entry -> !used.contains(entry))
                .map(Entry::line)
                .toList();
    }
}
