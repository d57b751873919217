package org.cardcage.itests;

import java.nio.ByteBuffer;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** The strings of {@code PuppetDriver}: what shall happen in which call of it, once. */
final class Puppet implements AutoCloseable {
    static final String NODE = "/dev/puppet0";
    static final int RAISE = 0x7401;
    static final int START_TIMER = 0x7402;
    static final int SLEEP = 0x7403;
    static final int IOCTL = 0x7404;

    private static final long PATIENCE_SECONDS = 30;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Rig rig;
    private final Map<String, Runnable> strings = new ConcurrentHashMap<>();
    private final ServiceRegistration<?> service;

    Puppet(Rig rig, BundleContext context) {
        this.rig = rig;
        Consumer<String> pull = place -> {
            Runnable string = strings.remove(place);
            if (string != null) {
                string.run();
            }
        };
        service = context.registerService(Consumer.class.getName(), pull, new Hashtable<>(Map.of("test", "strings")));
    }

    /** The next call of {@code place} fails with an {@link IllegalStateException} that says these words. */
    void fail(String place, String words) {
        strings.put(place, () -> {
            throw new IllegalStateException(words);
        });
    }

    /** The next call of {@code place} makes {@code call}; how that ended. */
    CompletableFuture<String> during(String place, Caller.Call call) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        strings.put(place, () -> outcome.complete(Caller.outcomeOf(call)));
        return outcome;
    }

    static String end(CompletableFuture<String> outcome) throws Exception {
        return outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    OpenFile open() {
        return rig.files.open(Credentials.ROOT, NODE, Set.of(OpenFlag.READ, OpenFlag.WRITE), 0);
    }

    static int ioctl(OpenFile file, int command) {
        return file.ioctl(command, NOTHING, NOTHING);
    }

    /** A program that makes each call of a file once. */
    void useFile() {
        try (OpenFile file = open()) {
            file.read(ByteBuffer.allocate(1));
            file.write(ByteBuffer.allocate(1));
            ioctl(file, IOCTL);
            ioctl(file, RAISE);
        }
    }

    @Override
    public void close() {
        strings.clear();
        service.unregister();
    }
}
