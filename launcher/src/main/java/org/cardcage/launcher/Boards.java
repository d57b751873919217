package org.cardcage.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureConfiguration;

/** Finds a board, a feature that holds configurations only. */
final class Boards {
    private final Distribution distribution;

    Boards(Distribution distribution) {
        this.distribution = distribution;
    }

    Collection<FeatureConfiguration> configurations(String board) throws StartException {
        Feature feature;
        try (Reader text = open(board)) {
            feature = new FeatureServiceImpl().readFeature(text);
        } catch (IOException e) {
            throw new StartException("board " + board + " cannot be read: " + Reason.of(e), e);
        } catch (RuntimeException e) {
            throw new StartException(
                    "board " + board + " is not a feature file, which is a JSON object with an id as in"
                            + " \"org.example:my-board:1.0\": " + e.getMessage(),
                    e);
        }
        if (!feature.getBundles().isEmpty()) {
            throw new StartException("board " + board + " names bundles; a board holds configurations only");
        }
        return feature.getConfigurations().values();
    }

    private Reader open(String board) throws IOException, StartException {
        String shipped = "boards/" + board + ".json";
        if (board.matches("[A-Za-z0-9_-]+") && distribution.find(shipped).isPresent()) {
            return distribution.text(shipped);
        }
        try {
            Path file = Path.of(board);
            if (Files.isRegularFile(file)) {
                return Files.newBufferedReader(file);
            }
        } catch (InvalidPathException e) {
            throw new StartException("board: " + e.getMessage(), e);
        }
        throw new StartException("board " + board + " is neither shipped (pc is) nor a file");
    }
}
