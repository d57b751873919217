package org.cardcage.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A kernel with a file tree for each test, and short words for what tests do with it. */
final class VfsExtension implements BeforeEachCallback, AfterEachCallback {

    static final Credentials ROOT = Credentials.ROOT;
    static final Credentials NOBODY = new Credentials(65534, 65534);

    private final boolean live;
    private final Function<Kernel, Vfs> maker;
    private LiveScheduler liveScheduler;
    private Kernel kernel;
    private Vfs vfs;

    private VfsExtension(boolean live, Function<Kernel, Vfs> maker) {
        this.live = live;
        this.maker = maker;
    }

    static VfsExtension stepped() {
        return new VfsExtension(false, Vfs::new);
    }

    static VfsExtension live() {
        return new VfsExtension(true, Vfs::new);
    }

    static VfsExtension stepped(Function<Kernel, Vfs> maker) {
        return new VfsExtension(false, maker);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        KernelLog log = new KernelLog();
        if (live) {
            liveScheduler =
                    new LiveScheduler("test", (where, t) -> log.logger(where).error("fault", t));
        }
        kernel = new Kernel(log, live ? liveScheduler : new SteppedScheduler());
        vfs = maker.apply(kernel);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        vfs.close();
        kernel.close();
        if (live) {
            liveScheduler.close();
        }
    }

    /** A new tree for the same kernel, as after a restart. */
    void remount(Function<Kernel, Vfs> newMaker) {
        vfs.close();
        vfs = newMaker.apply(kernel);
    }

    Kernel kernel() {
        return kernel;
    }

    Vfs vfs() {
        return vfs;
    }

    OpenFile open(String path, OpenFlag... flags) {
        return openAs(ROOT, path, flags);
    }

    OpenFile openAs(Credentials who, String path, OpenFlag... flags) {
        Set<OpenFlag> set = EnumSet.noneOf(OpenFlag.class);
        set.addAll(List.of(flags));
        return vfs.open(who, path, set, 0644);
    }

    void write(String path, String text) {
        try (OpenFile file = open(path, OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.TRUNCATE)) {
            assertThat(file.write(bytes(text))).isEqualTo(bytes(text).remaining());
        }
    }

    String read(String path) {
        try (OpenFile file = open(path, OpenFlag.READ)) {
            return readAll(file);
        }
    }

    static String readAll(OpenFile file) {
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        while (file.read(buffer) > 0) {
            assertThat(buffer.hasRemaining()).isTrue();
        }
        return text(buffer);
    }

    List<String> names(String path) {
        return vfs.readdir(ROOT, path).stream().map(DirectoryEntry::name).toList();
    }

    List<String> logLines() {
        return kernel.log().records().stream().map(LogRecord::text).toList();
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(ByteBuffer filled) {
        return new String(filled.array(), 0, filled.position(), StandardCharsets.UTF_8);
    }

    /** The errno that a call ends with; fails if it ends well. */
    static Errno errno(ThrowingCallable call) {
        KernelException e = catchThrowableOfType(KernelException.class, call);
        assertThat(e).as("an errno was expected").isNotNull();
        return e.errno();
    }
}
