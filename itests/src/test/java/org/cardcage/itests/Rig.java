package org.cardcage.itests;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Driver;
import org.cardcage.kmod.Kmod;
import org.cardcage.kmod.LoadedModule;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDevice;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.SystemCalls;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;

/** A board with slots in the running system, within the container. */
final class Rig {
    private static final long PATIENCE_MILLIS = 30_000;

    final Kernel kernel;
    Kmod kmod;
    final PciBus bus;
    final SystemCalls files;
    private final BundleContext context;
    private final ConfigurationAdmin configurations;
    private final List<Configuration> made = new ArrayList<>();

    Rig(BundleContext context) throws Exception {
        this.context = context;
        kernel = service(Kernel.class);
        bus = service(PciBus.class);
        files = service(SystemCalls.class);
        kmod = service(Kmod.class);
        configurations = service(ConfigurationAdmin.class);
    }

    /** After a restart of kmod there is a new one. */
    void awaitKmod() throws InterruptedException {
        kmod = service(Kmod.class);
    }

    private <T> T service(Class<T> type) throws InterruptedException {
        ServiceTracker<T, T> tracker = new ServiceTracker<>(context, type, null);
        tracker.open();
        T service = tracker.waitForService(PATIENCE_MILLIS);
        if (service == null) {
            throw new AssertionError("no service " + type.getName());
        }
        return service;
    }

    /** A board with nothing but its chipset; waits until that is found. */
    void board() throws IOException {
        Configuration board = configurations.getConfiguration("org.cardcage.board", "?");
        board.update(new Hashtable<>(Map.of("name", "pc")));
        made.add(board);
        await("the chipset", () -> !bus.devices().isEmpty());
    }

    /** A machine that is a QEMU process with these arguments. Does not wait. */
    void qemu(String... arguments) throws IOException {
        Configuration machine = configurations.getConfiguration("org.cardcage.qemu", "?");
        machine.update(new Hashtable<>(Map.of("arguments", arguments)));
        made.add(machine);
    }

    /** Puts an EDU card into a slot. Does not wait. */
    Configuration card(String slot) throws IOException {
        return card(slot, Map.of());
    }

    /** The same with further properties. */
    Configuration card(String slot, Map<String, Object> properties) throws IOException {
        Configuration card = configurations.createFactoryConfiguration("org.cardcage.edu.device", "?");
        Hashtable<String, Object> all = new Hashtable<>(properties);
        all.put("slot", slot);
        card.update(all);
        made.add(card);
        return card;
    }

    /** Sets the kernel's time-out for removals; returns when it holds. */
    void removeTimeout(long millis) throws IOException {
        Configuration configuration = configurations.getConfiguration("org.cardcage.kernel", "?");
        configuration.update(new Hashtable<>(Map.of("remove_timeout", millis)));
        made.add(configuration);
        await("the time-out", () -> kernel.removeTimeout() == TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Pulls a card out of its slot. Does not wait. */
    void pull(Configuration card) throws IOException {
        made.remove(card);
        card.delete();
    }

    /** The card in a slot, as soon as the bus has found it. */
    PciDevice device(String slot) {
        FunctionAddress address = FunctionAddress.parse(slot);
        await("a device at " + slot, () -> bus.device(address).isPresent());
        return bus.device(address).orElseThrow();
    }

    /** Name of the driver that a device has, empty without. */
    static String driver(PciDevice device) {
        return device.driver().map(Driver::name).orElse("");
    }

    void insmod(String url, String... parameters) {
        kmod.insmodUrl(Credentials.ROOT, url, List.of(parameters), new CancelToken());
    }

    void rmmod(String name) {
        kmod.rmmod(Credentials.ROOT, name, false);
    }

    /** The errno that a call fails with. */
    static Errno errnoOf(Runnable call) {
        try {
            call.run();
        } catch (KernelException e) {
            return e.errno();
        }
        throw new AssertionError("the call did not fail");
    }

    boolean exists(String path) {
        try {
            files.stat(Credentials.ROOT, path);
            return true;
        } catch (KernelException e) {
            return false;
        }
    }

    /** Everything that a module could leave in the framework and the kernel. */
    List<String> traces() {
        List<String> all = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            all.add("bundle " + bundle.getLocation());
        }
        for (Bundle bundle : context.getBundles()) {
            ServiceReference<?>[] services = bundle.getRegisteredServices();
            for (ServiceReference<?> service : services == null ? new ServiceReference<?>[0] : services) {
                all.add("service " + Arrays.toString((String[]) service.getProperty("objectClass")));
            }
        }
        kmod.loaded().forEach(module -> all.add("module " + module.name()));
        kernel.modules().loaded().forEach(module -> all.add("the kernel's module " + module));
        kernel.drivers().drivers().forEach(driver -> all.add("driver " + driver.name()));
        kernel.charDevices().devices().forEach(node -> all.add("node " + node.name()));
        return all;
    }

    /** Does something and waits for the line in the kernel log that follows from it; it begins with these words. */
    void untilLogged(String words, Caller.Call action) throws Exception {
        CountDownLatch logged = new CountDownLatch(1);
        Consumer<LogRecord> listener = line -> {
            if (line.text().startsWith(words)) {
                logged.countDown();
            }
        };
        kernel.log().addListener(listener);
        try {
            action.run();
            if (!logged.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the kernel log does not say: " + words);
            }
        } finally {
            kernel.log().removeListener(listener);
        }
    }

    boolean logHas(String line) {
        return kernel.log().records().stream().map(LogRecord::text).anyMatch(line::equals);
    }

    boolean logHasPart(String words) {
        return kernel.log().records().stream().map(LogRecord::text).anyMatch(text -> text.contains(words));
    }

    /** The number of the last line of the log, for {@link #lineAfter}. */
    long lastLine() {
        List<LogRecord> records = kernel.log().records();
        return records.isEmpty() ? -1 : records.get(records.size() - 1).sequence();
    }

    /** The first line of the log after that number in which these words occur. */
    Optional<String> lineAfter(long number, String words) {
        return kernel.log().records().stream()
                .filter(line -> line.sequence() > number && line.text().contains(words))
                .map(LogRecord::text)
                .findFirst();
    }

    /** For what other threads bring about and nothing can be waited on. */
    static void await(String what, BooleanSupplier condition) {
        await(() -> what, condition);
    }

    /** The same; what is waited for is worded only if it does not come. */
    static void await(Supplier<String> what, BooleanSupplier condition) {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (!condition.getAsBoolean()) {
            if (System.currentTimeMillis() > end) {
                throw new AssertionError("still waiting for " + what.get());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Takes out cards and machines. Does not wait. */
    void clearMachines() throws IOException {
        for (Configuration configuration : made) {
            configuration.delete();
        }
        made.clear();
    }

    /** Takes out modules, cards and board, also after a test that has failed halfway. */
    void clear() throws IOException {
        for (LoadedModule module : kmod.loaded()) {
            Caller.outcomeOf(() -> kmod.rmmod(Credentials.ROOT, module.name(), true));
        }
        clearMachines();
        await("the bus to be empty", () -> bus.devices().isEmpty());
    }
}
