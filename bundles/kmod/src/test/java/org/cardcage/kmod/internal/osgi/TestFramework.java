package org.cardcage.kmod.internal.osgi;

import aQute.bnd.osgi.Builder;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.felix.framework.FrameworkFactory;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kmod.internal.KmodService;
import org.cardcage.kmod.internal.TestFiles;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.LiveScheduler;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** Felix with its component runtime, and a kernel beside it; what modules import comes off the class path. */
final class TestFramework {

    private static final String PACKAGES = "org.cardcage.kernel;version=1.0.0,"
            + "org.cardcage.kernel.module;version=1.0.0,"
            + "org.osgi.service.component;version=1.5.1,"
            + "org.osgi.service.component.runtime;version=1.5.0,"
            + "org.osgi.service.component.runtime.dto;version=1.5.0,"
            + "org.osgi.util.promise;version=1.3.0,"
            + "org.osgi.util.function;version=1.2.0";

    final Framework framework;
    final BundleContext context;
    final LiveScheduler scheduler = new LiveScheduler("test", (where, fault) -> {
        throw new AssertionError(where, fault);
    });
    final Kernel kernel = new Kernel(new KernelLog(), scheduler);
    final TestFiles files = new TestFiles();
    final KmodService kmod;
    private final ModuleTracker tracker;

    TestFramework(Path cache) throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        cache.toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        PACKAGES,
                        "felix.log.level",
                        "0",
                        "ds.loglevel",
                        "4"));
        framework.start();
        context = framework.getBundleContext();
        URL scr = getClass().getResource("/org/apache/felix/scr/impl/Activator.class");
        String jar = scr.getPath().substring(0, scr.getPath().indexOf("!/"));
        context.installBundle(jar).start();
        ServiceComponentRuntime runtime =
                context.getService(context.getServiceReference(ServiceComponentRuntime.class));
        OsgiModuleHost host = new OsgiModuleHost(context, runtime);
        kmod = new KmodService(kernel, files.calls(), host, "1.0");
        tracker = new ModuleTracker(context, host, kmod.deployed());
        tracker.open();
    }

    /** The bundle that bnd makes of a test's package, with further bnd instructions as {@code name=value}. */
    static byte[] module(String name, String... instructions) throws Exception {
        try (Builder builder = new Builder()) {
            builder.addClasspath(locationOf(TestFramework.class));
            builder.addClasspath(locationOf(KernelException.class));
            builder.setProperty(Constants.BUNDLE_SYMBOLICNAME, "test." + name);
            builder.setProperty(Constants.BUNDLE_VERSION, "1.2.3");
            builder.setProperty("-privatepackage", "org.cardcage.kmod.modules." + name);
            for (String instruction : instructions) {
                String[] parts = instruction.split("=", 2);
                builder.setProperty(parts[0], parts[1]);
            }
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            builder.build().write(content);
            if (!builder.getErrors().isEmpty()) {
                throw new IllegalStateException(builder.getErrors().toString());
            }
            return content.toByteArray();
        }
    }

    private static File locationOf(Class<?> type) throws Exception {
        return new File(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Everything that a module could leave behind. */
    List<String> traces() throws Exception {
        List<String> all = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            all.add("bundle " + bundle.getLocation() + " " + bundle.getState());
        }
        ServiceReference<?>[] services = Objects.requireNonNull(context.getAllServiceReferences(null, null));
        all.addAll(new TreeSet<>(Arrays.stream(services)
                .map(s -> "service " + Arrays.toString((String[]) s.getProperty(Constants.OBJECTCLASS)) + " of "
                        + s.getBundle())
                .toList()));
        kernel.modules().loaded().forEach(m -> all.add("kernel's module " + m));
        kmod.loaded().forEach(m -> all.add("module " + m));
        return all;
    }

    List<String> log() {
        return kernel.log().records().stream().map(LogRecord::text).toList();
    }

    void close() throws Exception {
        tracker.close();
        kmod.close();
        framework.stop();
        framework.waitForStop(0);
        kernel.close();
        scheduler.close();
    }
}
