package org.cardcage.shell.internal.lspci;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cardcage.shell.internal.command.Run;

/**
 * One of many commands in a recording.
 *
 * @param words of its command line, the first its name
 */
record RecordedCommand(List<String> words, Run run) {

    private static final Pattern BLOCK =
            Pattern.compile("=+\n\\$ (.*)\n--- stdout\n((?s:.*?))--- stderr\n((?s:.*?))--- exit status (\\d+)\n");

    /** The commands of a recording in their order. */
    static List<RecordedCommand> all(String recording) {
        List<RecordedCommand> all = new ArrayList<>();
        Matcher m = BLOCK.matcher(recording);
        while (m.find()) {
            Run run = new Run(Integer.parseInt(m.group(4)), m.group(2), m.group(3));
            all.add(new RecordedCommand(List.of(m.group(1).split(" ")), run));
        }
        return all;
    }

    /** The words after its name. */
    String[] arguments() {
        return words.subList(1, words.size()).toArray(String[]::new);
    }
}
