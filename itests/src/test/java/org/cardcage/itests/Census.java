package org.cardcage.itests;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.service.ListenerHook;
import org.osgi.framework.wiring.BundleRevisions;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** Counts what a module could leave behind in the framework, the kernel and the JVM. */
final class Census implements AutoCloseable {

    private final Rig rig;
    private final BundleContext context;
    private final List<String> disturbed = new ArrayList<>();
    private final SynchronousBundleListener listener;
    private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    private final Set<Thread> threads;
    private final List<String> traces;
    private final long listeners;
    private final List<String> files;

    /** @param comingAndGoing what the symbolic names of the bundles begin with that may come and go */
    Census(Rig rig, BundleContext context, String comingAndGoing) {
        this.rig = rig;
        this.context = context;
        listener = event -> note(event, comingAndGoing);
        context.addBundleListener(listener);
        threads = Set.copyOf(Thread.getAllStackTraces().keySet());
        traces = rig.traces();
        listeners = countListeners();
        files = openFiles();
    }

    private void note(BundleEvent event, String comingAndGoing) {
        if (!event.getBundle().getSymbolicName().startsWith(comingAndGoing)) {
            synchronized (this) {
                disturbed.add("restart: " + event.getBundle() + " had event " + event.getType());
            }
        }
    }

    /** The classes of a bundle that runs now are to be gone in the end; it has one wiring. */
    void expectToGo(Bundle bundle) {
        int revisions = bundle.adapt(BundleRevisions.class).getRevisions().size();
        if (revisions != 1) {
            throw new AssertionError(bundle + " has " + revisions + " wirings while it runs");
        }
        loaders.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
    }

    /** The framework tells a new hook of all listeners that are there. */
    private long countListeners() {
        long[] count = {0};
        ServiceRegistration<ListenerHook> hook = context.registerService(
                ListenerHook.class,
                new ListenerHook() {
                    @Override
                    public void added(Collection<ListenerInfo> all) {
                        count[0] += all.size();
                    }

                    @Override
                    public void removed(Collection<ListenerInfo> all) {
                        count[0] -= all.size();
                    }
                },
                null);
        long there = count[0];
        hook.unregister();
        return there;
    }

    /** What the process has open, where the system shows it; without folders, which FileInstall lists all the time. */
    private static List<String> openFiles() {
        List<String> open = new ArrayList<>();
        File[] descriptors = new File("/proc/self/fd").listFiles();
        for (File descriptor : descriptors == null ? new File[0] : descriptors) {
            try {
                Path target = Files.readSymbolicLink(descriptor.toPath());
                if (!Files.isDirectory(target)) {
                    open.add(target.toString());
                }
            } catch (NoSuchFileException e) {
                continue; // closed meanwhile
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return open;
    }

    /** What is there now and was not before, in words; each begins with its kind. */
    Set<String> left() {
        Set<String> left = new TreeSet<>();
        List<String> now = rig.traces();
        traces.forEach(now::remove);
        left.addAll(now);
        System.gc();
        long kept = loaders.stream().filter(loader -> loader.get() != null).count();
        if (kept > 0) {
            left.add("class loader: " + kept + " of " + loaders.size() + " not collected");
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!threads.contains(thread) && !isPooled(thread)) {
                left.add("thread " + thread.getName());
            }
        }
        if (countListeners() > listeners) {
            left.add("listener: " + countListeners() + " instead of " + listeners);
        }
        List<String> open = openFiles();
        files.forEach(open::remove);
        open.forEach(file -> left.add("file: " + file + " is open"));
        synchronized (this) {
            left.addAll(disturbed);
        }
        addWirings(left);
        return left;
    }

    private void addWirings(Set<String> left) {
        for (Bundle bundle : context.getBundles()) {
            int revisions = bundle.adapt(BundleRevisions.class).getRevisions().size();
            if (revisions != 1) {
                left.add("wiring: " + revisions + " of " + bundle);
            }
        }
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkWiring.class)
                .getRemovalPendingBundles()
                .forEach(bundle -> left.add("wiring: old one of " + bundle));
    }

    /** Threads of the JVM and the framework that come and go as they like. */
    private static boolean isPooled(Thread thread) {
        String name = thread.getName();
        return name.startsWith("ForkJoinPool") || name.startsWith("CM ") || name.startsWith("SCR ");
    }

    @Override
    public void close() {
        context.removeBundleListener(listener);
    }
}
