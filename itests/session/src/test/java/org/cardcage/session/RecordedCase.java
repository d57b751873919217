package org.cardcage.session;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A command line that was run on a real Linux, and what came of it.
 *
 * @param id file and number in the file, from 1
 * @param command as it was typed
 * @param remark what the recording says about it, perhaps empty
 * @param log lines of the kernel log that it caused, empty if they were not recorded
 */
record RecordedCase(
        String id, String command, String remark, String out, String err, int status, Optional<String> log) {

    private static final String BAR = "=".repeat(50);
    private static final String STATUS = "--- exit status ";

    /** All cases of a recording of the test resources: one with many blocks, or with a single command. */
    static List<RecordedCase> of(String file) throws IOException {
        List<String> lines;
        try (InputStream in = RecordedCase.class.getResourceAsStream("/recorded/" + file + ".txt")) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        return read(file, lines);
    }

    /**
     * All cases of a recording.
     *
     * @param file its name, for the ids of the cases
     */
    static List<RecordedCase> read(String file, List<String> lines) {
        if (!lines.contains(BAR)) {
            String head = lines.get(0);
            String command = head.substring("# $ ".length(), head.indexOf("   ["));
            String state = head.substring(head.indexOf("   [") + 4, head.indexOf("] |"));
            RecordedCase only = parse(file + "/1", command, state, lines.subList(1, lines.size()));
            return List.of(new RecordedCase(
                    only.id(), command, state, only.out(), only.err(), only.status(), Optional.empty()));
        }
        List<RecordedCase> cases = new ArrayList<>();
        int start = lines.indexOf(BAR);
        while (start >= 0) {
            int next = lines.subList(start + 1, lines.size()).indexOf(BAR);
            int end = next < 0 ? lines.size() : start + 1 + next;
            cases.add(block(file + "/" + (cases.size() + 1), lines.subList(start + 1, end)));
            start = next < 0 ? -1 : end;
        }
        return cases;
    }

    private static RecordedCase block(String id, List<String> lines) {
        int body = lines.indexOf("--- stdout");
        String remark = String.join(" ", lines.subList(1, body)).strip();
        return parse(id, lines.get(0).substring("$ ".length()), remark, lines.subList(body + 1, lines.size()));
    }

    private static RecordedCase parse(String id, String command, String remark, List<String> lines) {
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        StringBuilder unused = new StringBuilder();
        List<String> log = new ArrayList<>();
        int status = 0;
        StringBuilder part = out;
        boolean inLog = false;
        for (String line : lines) {
            if (line.endsWith("--- stderr") && part == out) {
                // output without a line end at its end shares a line with the mark
                out.append(line, 0, line.length() - "--- stderr".length());
                part = err;
            } else if (line.startsWith(STATUS)) {
                status = Integer.parseInt(line.substring(STATUS.length()));
                part = unused;
            } else if (line.equals("--- system calls") || line.equals("--- kernel log")) {
                part = unused;
                inLog = line.equals("--- kernel log");
            } else if (inLog) {
                log.add(line.replaceFirst("^\\[ *[\\d.]+] ", ""));
            } else {
                part.append(line).append('\n');
            }
        }
        return new RecordedCase(
                id, command, remark, out.toString(), err.toString(), status, Optional.of(String.join("\n", log)));
    }

    /** The same case in other words. */
    RecordedCase in(UnaryOperator<String> words) {
        return new RecordedCase(
                id, words.apply(command), remark, words.apply(out), words.apply(err), status, log.map(words));
    }
}
