package org.cardcage.launcher;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;

/** Keeps why a bundle did not start, as the framework tells it, until somebody asks. */
final class StartProblems implements FrameworkListener {
    private final Map<Bundle, Throwable> reasons = new ConcurrentHashMap<>();

    @Override
    public void frameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.ERROR) {
            reasons.putIfAbsent(event.getBundle(), event.getThrowable());
        }
    }

    /** One line for each bundle that should run at this start level and does not; empty when all is well. */
    String describe(Iterable<Bundle> bundles, int level) {
        StringBuilder text = new StringBuilder();
        for (Bundle bundle : bundles) {
            if (bundle.adapt(BundleStartLevel.class).getStartLevel() <= level && !runs(bundle)) {
                text.append("\n  ").append(name(bundle)).append(": ").append(reason(bundle));
            }
        }
        return text.toString();
    }

    private static boolean runs(Bundle bundle) {
        return bundle.getState() == Bundle.ACTIVE || isFragment(bundle) && bundle.getState() == Bundle.RESOLVED;
    }

    static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private static String name(Bundle bundle) {
        return bundle.getSymbolicName() == null ? bundle.getLocation() : bundle.getSymbolicName();
    }

    private String reason(Bundle bundle) {
        Throwable reason = reasons.get(bundle);
        if (reason == null) {
            return switch (bundle.getState()) {
                case Bundle.STARTING -> "is still starting";
                case Bundle.INSTALLED -> "is not resolved";
                default -> "is not started";
            };
        }
        if (reason instanceof BundleException && reason.getCause() == null) {
            return reason.getMessage();
        }
        return withPlace(reason instanceof BundleException ? reason.getCause() : reason);
    }

    private static String withPlace(Throwable reason) {
        StringBuilder text = new StringBuilder(reason.toString());
        for (StackTraceElement frame : reason.getStackTrace()) {
            text.append("\n      at ").append(frame);
        }
        return reason.getCause() == null
                ? text.toString()
                : text.append("\n    caused by ")
                        .append(withPlace(reason.getCause()))
                        .toString();
    }
}
