package org.cardcage.itests;

import java.io.File;
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
import org.osgi.framework.wiring.FrameworkWiring;

/** Counts what a module could leave behind in the framework, the kernel and the JVM. */
final class Census implements AutoCloseable {

    private final Rig rig;
    private final BundleContext context;
    private final List<String> restarted = new ArrayList<>();
    private final SynchronousBundleListener listener;
    private final Set<Thread> threads;
    private final List<String> traces;
    private final long listeners;
    private final long files;

    /** @param module symbolic name of the bundle that may come and go */
    Census(Rig rig, BundleContext context, String module) {
        this.rig = rig;
        this.context = context;
        listener = event -> note(event, module);
        context.addBundleListener(listener);
        threads = Set.copyOf(Thread.getAllStackTraces().keySet());
        traces = rig.traces();
        listeners = countListeners();
        files = countFiles();
    }

    private void note(BundleEvent event, String module) {
        if (!event.getBundle().getSymbolicName().equals(module)) {
            synchronized (this) {
                restarted.add(event.getBundle() + " event " + event.getType());
            }
        }
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

    /** Open files of the process, where the system shows them; else 0. */
    private static long countFiles() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }

    /** What is there now and was not before, in words. */
    Set<String> left() {
        Set<String> left = new TreeSet<>();
        List<String> now = rig.traces();
        traces.forEach(now::remove);
        left.addAll(now);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!threads.contains(thread) && !isPooled(thread)) {
                left.add("thread " + thread.getName());
            }
        }
        if (countListeners() > listeners) {
            left.add("listener: " + countListeners() + " instead of " + listeners);
        }
        if (countFiles() > files) {
            left.add("file: " + countFiles() + " open instead of " + files);
        }
        synchronized (this) {
            left.addAll(restarted);
        }
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
        return left;
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
