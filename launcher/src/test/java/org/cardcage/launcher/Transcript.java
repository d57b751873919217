package org.cardcage.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A session that a document shows: the first code block behind the comment {@code <!-- transcript -->}. Lines that begin
 * with a dollar are commands, the others what they print.
 */
record Transcript(List<String> commands, String output) {

    private static final String MARK = "<!-- transcript -->";
    private static final String PROMPT = "$ ";

    static Transcript of(Path document) throws IOException {
        List<String> lines = Files.readString(document)
                .transform(text -> text.substring(text.indexOf(MARK) + MARK.length()))
                .lines()
                .dropWhile(line -> !line.startsWith("```"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("```"))
                .toList();
        return new Transcript(
                lines.stream()
                        .filter(line -> line.startsWith(PROMPT))
                        .map(line -> line.substring(PROMPT.length()))
                        .toList(),
                lines.stream()
                        .filter(line -> !line.startsWith(PROMPT))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining()));
    }

    /** Without what differs from one run or build to the next: times in the kernel log and in listings, sizes of modules. */
    static String withoutChance(String text) {
        return text.replaceAll("(?m)^\\[ *\\d+\\.\\d{6}]", "[TIME]")
                .replaceAll("(?m)^(\\w+) +\\d+  (\\d+)$", "$1 SIZE $2")
                .replaceAll("(?m)^([-cdl][-rwx]{9} .*) [A-Z][a-z]{2} [ \\d]\\d +[\\d:]{4,5} ", "$1 DATE ");
    }
}
