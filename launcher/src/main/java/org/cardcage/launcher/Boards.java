package org.cardcage.launcher;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureConfiguration;

/** Finds a board: a feature that holds configurations only, or a dump of {@code lspci}. */
final class Boards {
    private static final String KEPT = "dump:";
    private static final String REASSIGNED = "dump-reassign:";

    private static final String QEMU = "org.cardcage.qemu";
    private static final String ARGUMENTS = "arguments";

    private final Distribution distribution;

    Boards(Distribution distribution) {
        this.distribution = distribution;
    }

    /**
     * What a board is made of.
     *
     * @param remarks what the user should know of it
     * @param complaints what is wrong with it, a line each that names configuration and key
     */
    record Found(Collection<FeatureConfiguration> configurations, List<String> remarks, List<String> complaints) {}

    /**
     * @param board the name of a shipped board, a feature file, or with {@code dump:} or {@code dump-reassign:} in front a dump
     * @throws StartException naming file, line or key, and reason
     */
    Found find(String board) throws StartException {
        return find(board, List.of());
    }

    /**
     * The same.
     *
     * @param further arguments for the program that is the machine, behind its own
     */
    Found find(String board, List<String> further) throws StartException {
        Found found = plain(board);
        if (further.isEmpty()) {
            return found;
        }
        if (found.configurations().stream().noneMatch(c -> c.getPid().equals(QEMU))) {
            throw new StartException("board " + board + " is no QEMU, which the arguments behind -- are for");
        }
        return new Found(
                found.configurations().stream()
                        .map(c -> c.getPid().equals(QEMU) ? with(c, further) : c)
                        .toList(),
                found.remarks(),
                found.complaints());
    }

    private static FeatureConfiguration with(FeatureConfiguration qemu, List<String> further) {
        List<String> arguments = new ArrayList<>();
        Object own = qemu.getValues().get(ARGUMENTS);
        if (own instanceof String[] several) {
            arguments.addAll(List.of(several));
        } else if (own instanceof String one) {
            arguments.add(one);
        }
        arguments.addAll(further);
        Map<String, Object> values = new HashMap<>(qemu.getValues());
        values.put(ARGUMENTS, arguments.toArray(String[]::new));
        return new FeatureServiceImpl()
                .getBuilderFactory()
                .newConfigurationBuilder(QEMU)
                .addValues(values)
                .build();
    }

    private Found plain(String board) throws StartException {
        for (String scheme : List.of(KEPT, REASSIGNED)) {
            if (board.startsWith(scheme)) {
                return dumped(board.substring(scheme.length()), scheme.equals(KEPT));
            }
        }
        Collection<FeatureConfiguration> configurations = configurations(board);
        return new Found(configurations, List.of(), BoardCheck.complaints(configurations));
    }

    private static Found dumped(String name, boolean settled) throws StartException {
        if (name.isEmpty()) {
            throw new StartException("board: there must be a file behind dump:, as in dump:my.dump");
        }
        try {
            Path file = Path.of(name);
            DumpedBoard board = new DumpedBoard(String.valueOf(file.getFileName()), LspciDump.read(file), settled);
            return new Found(
                    board.configurations(),
                    board.remarks().stream().map(r -> name + ": " + r).toList(),
                    List.of());
        } catch (InvalidPathException e) {
            throw new StartException("board: " + e.getMessage(), e);
        }
    }

    private Collection<FeatureConfiguration> configurations(String board) throws StartException {
        Feature feature;
        try (Reader text = open(board)) {
            feature = new FeatureServiceImpl().readFeature(text);
        } catch (CharacterCodingException e) {
            throw new StartException("board " + board + " is no text in UTF-8", e);
        } catch (IOException e) {
            throw new StartException("board " + board + " cannot be read: " + Reason.of(e), e);
        } catch (RuntimeException e) {
            throw new StartException(
                    "board " + board + " is not a feature file, which is a JSON object with an id as in"
                            + " \"org.example:my-board:1.0\"" + said(e),
                    e);
        }
        if (!feature.getBundles().isEmpty()) {
            throw new StartException("board " + board + " names bundles; a board holds configurations only");
        }
        return feature.getConfigurations().values();
    }

    /** The reader's own words; it has none where something is missing or of another type than it takes for granted. */
    private static String said(RuntimeException e) {
        return e instanceof NullPointerException || e instanceof ClassCastException ? "" : ": " + e.getMessage();
    }

    private Reader open(String board) throws IOException, StartException {
        String shipped = "boards/" + board + ".json";
        if (board.matches("[A-Za-z0-9_-]+") && distribution.find(shipped).isPresent()) {
            return distribution.text(shipped);
        }
        try {
            Path file = Path.of(board);
            if (Files.isDirectory(file)) {
                throw new StartException("board " + board + " is a directory; it must be a file");
            }
            if (Files.exists(file)) {
                return new StringReader(Files.readString(file));
            }
        } catch (InvalidPathException e) {
            throw new StartException("board: " + e.getMessage(), e);
        }
        throw new StartException(
                "board " + board + " is neither shipped (edu, pc, q35 and qemu are) nor a file, nor dump:FILE");
    }
}
