package org.cardcage.launcher;

import java.io.IOException;
import java.io.Reader;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureConfiguration;

/**
 * What shall be started.
 *
 * @param system the bundles
 * @param name what the user calls the board
 * @param board the configurations of the board
 * @param remarks what the user should know of the board
 */
record Plan(Feature system, String name, Collection<FeatureConfiguration> board, List<String> remarks) {

    /** Begins to read the files on a thread of its own, since the framework can be made meanwhile. */
    static FutureTask<Plan> begin(Distribution distribution, Options options) {
        FutureTask<Plan> plan = new FutureTask<>(() -> read(distribution, options));
        Thread reader = new Thread(plan, "cardcage-plan");
        reader.setDaemon(true);
        reader.start();
        return plan;
    }

    private static Plan read(Distribution distribution, Options options) throws IOException, StartException {
        Boards.Found found = new Boards(distribution).find(options.board());
        try (Reader text = distribution.text(options.profile().file)) {
            return new Plan(
                    new FeatureServiceImpl().readFeature(text),
                    options.board(),
                    found.configurations(),
                    found.remarks());
        }
    }

    /** The plan, once it has been read. */
    static Plan await(FutureTask<Plan> plan) throws IOException, StartException, InterruptedException {
        try {
            return plan.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StartException bad) {
                throw bad;
            }
            if (e.getCause() instanceof IOException bad) {
                throw bad;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
