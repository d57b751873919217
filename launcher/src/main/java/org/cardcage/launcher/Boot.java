package org.cardcage.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureBundle;
import org.osgi.service.feature.FeatureConfiguration;

/**
 * One framework from start to stop. Bundles are started level by level; the configurations are written as soon as
 * there is a Configuration Admin, so before the levels above it. When everything runs, the service with which the
 * bundles end it all is registered, which is thereby the sign that the system is up.
 */
final class Boot implements AutoCloseable {
    private final Distribution distribution;
    private final Framework framework;
    private final Duration patience;
    private final StartProblems problems = new StartProblems();
    private final List<Bundle> bundles = new ArrayList<>();
    private final SortedSet<Integer> levels = new TreeSet<>();
    private final CountDownLatch stopping = new CountDownLatch(1);

    Boot(Distribution distribution, Map<String, String> settings, Duration patience) {
        this.distribution = distribution;
        this.framework = new FrameworkFactory().newFramework(settings);
        this.patience = patience;
    }

    /** Makes the framework, without bundles. */
    void init() throws StartException {
        // JLine would look for its terminals here instead of in its own bundle.
        Thread.currentThread().setContextClassLoader(null);
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "cardcage-shutdown"));
        try {
            framework.init();
        } catch (BundleException e) {
            throw new StartException("the framework does not start: " + e, e);
        }
        framework.getBundleContext().addFrameworkListener(problems);
        framework.getBundleContext().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STOPPING && event.getBundle() == framework) {
                stopping.countDown();
            }
        });
    }

    /** Returns the exit status when the framework has stopped. */
    int run(Plan plan) throws StartException, InterruptedException {
        install(plan.system(), listed -> !isSpare(listed, plan.board()));
        check(plan);
        try {
            start(plan.board());
        } catch (BundleException e) {
            throw new StartException("the framework does not start: " + e, e);
        }
        return untilStopped(offerExit());
    }

    /** Whether the bundle is there for one kind of card only, of which the board has none. */
    private static boolean isSpare(FeatureBundle listed, Collection<FeatureConfiguration> board) {
        Object card = listed.getMetadata().get(Plan.CARD);
        return card != null && board.stream().noneMatch(c -> Plan.isOf(c, card));
    }

    private void install(Feature system, Predicate<FeatureBundle> wanted) throws StartException {
        BundleContext context = framework.getBundleContext();
        for (FeatureBundle listed : system.getBundles()) {
            if (!wanted.test(listed)) {
                continue;
            }
            try (InputStream jar = distribution.bundle(listed.getID())) {
                Bundle bundle = context.installBundle("cardcage:" + listed.getID(), jar);
                int level = ((Long) listed.getMetadata().getOrDefault("start-level", 1L)).intValue();
                bundle.adapt(BundleStartLevel.class).setStartLevel(level);
                levels.add(level);
                bundles.add(bundle);
            } catch (IOException | BundleException e) {
                throw new StartException("bundle " + listed.getID() + " cannot be installed: " + e.getMessage(), e);
            }
        }
    }

    /** Before anything has started, so that nothing is half done. */
    private void check(Plan plan) throws StartException {
        List<String> complaints = complaints(plan);
        if (!complaints.isEmpty()) {
            plan.refuseCardsOfTheFullProfile(distribution);
            // who has mistyped a name wants to know all that there are
            install(plan.system(), listed -> isSpare(listed, plan.board()));
            throw new StartException(
                    "board " + plan.name() + " is wrong:\n    " + String.join("\n    ", complaints(plan)));
        }
    }

    /** All that is wrong at once, so that it takes one round to mend it. */
    private List<String> complaints(Plan plan) throws StartException {
        List<String> complaints = new ConfigurationSchema(bundles).complaints(plan.board());
        complaints.addAll(plan.complaints());
        return complaints;
    }

    private void start(Collection<FeatureConfiguration> configurations)
            throws BundleException, StartException, InterruptedException {
        for (Bundle bundle : bundles) {
            if (!StartProblems.isFragment(bundle)) {
                bundle.start(); // when its level comes
            }
        }
        StartLevels startLevels = new StartLevels(framework, patience);
        check(1, startLevels.start());
        boolean configured = configurations.isEmpty();
        for (int level : levels) {
            check(level, startLevels.raise(level));
            configured = configured || ConfigurationWriter.write(framework.getBundleContext(), configurations);
        }
        if (!configured) {
            throw new StartException("there are configurations, but no Configuration Admin");
        }
    }

    private void check(int level, boolean reached) throws StartException {
        String complaints = problems.describe(bundles, level);
        if (!complaints.isEmpty()) {
            throw new StartException("these bundles do not start:" + complaints);
        }
        if (!reached) {
            throw new StartException("start level " + level + " was not reached within " + patience.toSeconds() + " s");
        }
    }

    private ExitStatus offerExit() {
        ExitStatus exit = new ExitStatus(framework);
        framework
                .getBundleContext()
                .registerService(IntConsumer.class, exit, new Hashtable<>(Map.of("cardcage.role", ExitStatus.ROLE)));
        return exit;
    }

    private int untilStopped(ExitStatus exit) throws StartException, InterruptedException {
        stopping.await();
        if (framework.waitForStop(patience.toMillis()).getType() == FrameworkEvent.WAIT_TIMEDOUT) {
            throw new StartException("the framework did not stop within " + patience.toSeconds() + " s");
        }
        return exit.status();
    }

    /** Does what is left to do; nothing when the framework has stopped. */
    @Override
    public void close() {
        try {
            framework.stop();
            framework.waitForStop(patience.toMillis());
        } catch (BundleException e) {
            throw new IllegalStateException("the framework does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
