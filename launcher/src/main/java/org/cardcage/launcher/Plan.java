package org.cardcage.launcher;

import java.io.IOException;
import java.io.Reader;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureConfiguration;

/**
 * What shall be started.
 *
 * @param profile the choice of bundles
 * @param system the bundles
 * @param name what the user calls the board
 * @param board the configurations of the board
 * @param remarks what the user should know of the board
 * @param complaints what is wrong with the board, as far as can be said without the bundles
 */
record Plan(
        Options.Profile profile,
        Feature system,
        String name,
        Collection<FeatureConfiguration> board,
        List<String> remarks,
        List<String> complaints) {

    /** Metadata of a bundle that is of use only with configurations whose PIDs begin so: leaving it out makes a start faster. */
    static final String CARD = "card";

    /** Begins to read the files on a thread of its own, since the framework can be made meanwhile. */
    static FutureTask<Plan> begin(Distribution distribution, Options options) {
        FutureTask<Plan> plan = new FutureTask<>(() -> read(distribution, options));
        Thread reader = new Thread(plan, "cardcage-plan");
        reader.setDaemon(true);
        reader.start();
        return plan;
    }

    private static Plan read(Distribution distribution, Options options) throws IOException, StartException {
        Boards.Found found = new Boards(distribution).find(options.board(), options.machine());
        return new Plan(
                options.profile(),
                system(distribution, options.profile()),
                options.board(),
                found.configurations(),
                found.remarks(),
                found.complaints());
    }

    private static Feature system(Distribution distribution, Options.Profile profile) throws IOException {
        try (Reader text = distribution.text(profile.file)) {
            return new FeatureServiceImpl().readFeature(text);
        }
    }

    /**
     * Asked only when something is wrong, since it reads another file.
     *
     * @throws StartException if the board has cards whose bundles the profile leaves out
     */
    void refuseCardsOfTheFullProfile(Distribution distribution) throws StartException {
        if (profile == Options.Profile.FULL) {
            return;
        }
        List<String> cards;
        try {
            cards = kinds(system(distribution, Options.Profile.FULL)).stream()
                    .filter(kind -> board.stream().anyMatch(configuration -> isOf(configuration, kind)))
                    .map(Object::toString)
                    .toList();
        } catch (IOException e) {
            throw new StartException("the full profile cannot be read: " + Reason.of(e), e);
        }
        if (!cards.isEmpty()) {
            throw new StartException("board " + name + " has cards of " + String.join(", ", cards)
                    + ": it needs the full profile, which is that without --profile minimal");
        }
    }

    /** Whether a configuration is of a kind that {@link #CARD} names. */
    static boolean isOf(FeatureConfiguration configuration, Object card) {
        return configuration.getPid().startsWith(card.toString());
    }

    /** The PIDs of the cards and machines that not every profile has. */
    private static List<Object> kinds(Feature system) {
        return system.getBundles().stream()
                .map(bundle -> bundle.getMetadata().get(CARD))
                .filter(Objects::nonNull)
                .toList();
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
