package org.cardcage.shell.internal.gogo;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.ParsedLine;

/** Names of files that a word may become. A directory ends with a slash and goes on. */
final class FileCandidates {

    private FileCandidates() {}

    /**
     * @param directory what the word is relative to
     * @param directories whether only directories are wanted
     * @return nothing if the directory cannot be read
     */
    static List<Candidate> of(Path directory, ParsedLine line, boolean directories) {
        String typed = line.word().substring(0, line.wordCursor());
        String folder = typed.substring(0, typed.lastIndexOf('/') + 1);
        boolean hidden = typed.startsWith(".", folder.length());
        List<Candidate> candidates = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.resolve(folder))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                boolean isDirectory = Files.isDirectory(entry);
                if ((isDirectory || !directories) && (hidden || !name.startsWith("."))) {
                    String shown = isDirectory ? name + "/" : name;
                    candidates.add(new Candidate(folder + shown, shown, null, null, null, null, !isDirectory));
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return candidates;
    }
}
