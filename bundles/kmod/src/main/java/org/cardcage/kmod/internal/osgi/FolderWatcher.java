package org.cardcage.kmod.internal.osgi;

import java.util.Arrays;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.slf4j.Logger;

/**
 * The bundle of FileInstall, which watches the deploy folder. Without an installer it would make bundles of what it finds
 * there, and it does not offer files again that it has offered; hence it runs only while kmod does.
 *
 * <p>Threads: the one that starts or stops kmod. FileInstall waits for nobody who waits for kmod, since {@link DeployInstaller}
 * only posts.
 */
final class FolderWatcher {

    private static final String NAME = "org.apache.felix.fileinstall";

    private final BundleContext context;
    private final Logger log;

    FolderWatcher(BundleContext context, Logger log) {
        this.context = context;
        this.log = log;
    }

    /** Lets it run again; when the system starts its turn comes later. */
    void resume() {
        int level = system().adapt(FrameworkStartLevel.class).getStartLevel();
        find().filter(bundle -> bundle.getState() == Bundle.RESOLVED)
                .filter(bundle -> isWanted(bundle.adapt(BundleStartLevel.class), level))
                .ifPresent(bundle -> guarded(() -> bundle.start(Bundle.START_TRANSIENT)));
    }

    private static boolean isWanted(BundleStartLevel bundle, int level) {
        return bundle.isPersistentlyStarted() && bundle.getStartLevel() <= level;
    }

    /** After the return it offers nothing. */
    void suspend() {
        find().filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .ifPresent(bundle -> guarded(() -> bundle.stop(Bundle.STOP_TRANSIENT)));
    }

    /** Whether the whole framework is ending, so that nobody comes back. */
    boolean isSystemStopping() {
        return system().getState() == Bundle.STOPPING;
    }

    private Bundle system() {
        return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    }

    private Optional<Bundle> find() {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> NAME.equals(bundle.getSymbolicName()))
                .findFirst();
    }

    private interface Action {
        void run() throws BundleException;
    }

    private void guarded(Action action) {
        try {
            action.run();
        } catch (BundleException e) {
            log.error("the watcher of the deploy folder does not follow: {}", e.toString());
        }
    }
}
