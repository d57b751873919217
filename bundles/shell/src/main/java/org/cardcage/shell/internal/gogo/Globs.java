package org.cardcage.shell.internal.gogo;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.felix.gogo.runtime.Parser.Executable;
import org.apache.felix.gogo.runtime.Parser.Pipeline;
import org.apache.felix.gogo.runtime.Parser.Statement;
import org.apache.felix.gogo.runtime.Token;

/**
 * Expands {@code *} and {@code ?} in file names as bash does: a pattern without a match stays as it is, where Gogo refuses
 * the whole line, and one in the first part of an absolute path works too. Words with quotes or variables are left to Gogo.
 *
 * <p>Threads: one.
 */
final class Globs {

    private static final Pattern PLAIN = Pattern.compile("[^\\s'\"\\\\$%{}()<>|~=]*[*?][^\\s'\"\\\\$%{}()<>|~=]*");

    private final KernelSession session;

    Globs(KernelSession session) {
        this.session = session;
    }

    /** The same command with file names for patterns. */
    Executable expand(Executable command) {
        if (command instanceof Statement s) {
            List<Token> words = new ArrayList<>();
            for (Token word : s.tokens()) {
                words.addAll(expand(word));
            }
            return new Statement(s, words, s.redirections());
        }
        if (command instanceof Pipeline p) {
            return new Pipeline(p, p.tokens().stream().map(this::expand).toList());
        }
        return command;
    }

    private List<Token> expand(Token word) {
        if (word.getClass() != Token.class || !PLAIN.matcher(word).matches()) {
            return List.of(word);
        }
        List<String> names = names(word.toString());
        return (names.isEmpty() ? List.of(word.toString()) : names)
                .stream()
                        .map(name -> new Token("'" + name.replace("'", "'\\''") + "'"))
                        .toList();
    }

    private List<String> names(String pattern) {
        List<String> found = List.of("");
        for (String part : pattern.split("(?<=/)")) {
            String name = part.endsWith("/") ? part.substring(0, part.length() - 1) : part;
            String rest = part.substring(name.length());
            List<String> next = new ArrayList<>();
            for (String prefix : found) {
                for (String match : matches(prefix, name)) {
                    next.add(prefix + match + rest);
                }
            }
            found = next;
        }
        return found.stream()
                .filter(name -> Files.exists(path(name), LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    private Path path(String name) {
        return session.currentDir().resolve(name);
    }

    /** The names in a directory that a part of a pattern matches, in order. */
    private List<String> matches(String directory, String pattern) {
        if (!pattern.contains("*") && !pattern.contains("?")) {
            return List.of(pattern);
        }
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path(directory))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                boolean hidden = name.startsWith(".") && !pattern.startsWith(".");
                if (!hidden && name.matches(regex)) {
                    names.add(name);
                }
            }
        } catch (IOException e) {
            return List.of(); // as if it were empty, which is what bash makes of a directory that it cannot read
        }
        names.sort(null);
        return names;
    }
}
