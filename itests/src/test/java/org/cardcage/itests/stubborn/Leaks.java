package org.cardcage.itests.stubborn;

import java.io.FileInputStream;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceListener;

/** Faults that a test must find. */
final class Leaks {

    private static final String KEPT = "cardcage.test.leak";

    private Leaks() {}

    static void plant(String what, BundleContext context, Function<String, CountDownLatch> stage) throws Exception {
        BundleContext system =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        Properties properties = System.getProperties();
        switch (what) {
            case "thread" -> {
                CountDownLatch end = stage.apply("leak go");
                Thread thread = new Thread(
                        () -> {
                            try {
                                end.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "leaked");
                thread.setDaemon(true);
                thread.start();
            }
            case "class loader" -> properties.put(KEPT, new Leaks());
            case "service" -> properties.put(KEPT, system.registerService(Runnable.class, () -> {}, null));
            case "listener" -> {
                ServiceListener listener = event -> {};
                system.addServiceListener(listener);
                properties.put(KEPT, (Runnable) () -> system.removeServiceListener(listener));
            }
            case "restart" -> restart(context, "org.cardcage.edu.uapi");
            case "file" -> properties.put(KEPT, new FileInputStream(System.getProperty("cardcage.test.stubborn.file")));
            default -> properties.remove(KEPT);
        }
    }

    private static void restart(BundleContext context, String symbolicName) throws BundleException {
        for (Bundle bundle : context.getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())) {
                bundle.stop();
                bundle.start();
            }
        }
    }
}
