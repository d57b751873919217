package org.cardcage.vfs;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.cardcage.kernel.device.CharDevice;
import org.cardcage.kernel.device.CharDeviceSpec;
import org.cardcage.kernel.kobject.KObject;
import org.cardcage.machine.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link WatchService} on the tree. */
@Timeout(60)
class NioWatchTest {

    @RegisterExtension
    final VfsExtension t = VfsExtension.stepped();

    private WatchService service;

    @BeforeEach
    void open() throws IOException {
        service = t.vfs().fileSystem().newWatchService();
    }

    @AfterEach
    void close() throws IOException {
        service.close();
    }

    private Path path(String text) {
        return t.vfs().fileSystem().getPath(text);
    }

    @Test
    void nodesThatComeAndGoAreTold() throws IOException {
        WatchKey key = path("/dev").register(service, ENTRY_CREATE, ENTRY_DELETE);
        assertThat(service.poll()).isNull();
        CharDevice device =
                t.kernel().charDevices().add(246, 0, CharDeviceSpec.of("edu0", "edu", 0600, new FileOperations() {}));
        t.kernel().charDevices().remove(device, Scheduler.NEVER);

        assertThat(service.poll()).isSameAs(key);
        assertThat(key.pollEvents())
                .extracting(event -> event.kind().name() + " " + event.context())
                .containsExactly("ENTRY_CREATE edu0", "ENTRY_DELETE edu0");
        assertThat(key.reset()).isTrue();
        assertThat(service.poll()).isNull();
    }

    @Test
    void whatHappensBetweenPollingAndResetIsToldAgain() throws IOException {
        WatchKey key = path("/tmp").register(service, ENTRY_CREATE);
        Files.createFile(path("/tmp/a"));
        assertThat(service.poll()).isSameAs(key);
        assertThat(key.pollEvents()).hasSize(1);
        Files.createFile(path("/tmp/b"));
        assertThat(service.poll()).as("not before the reset").isNull();
        key.reset();
        assertThat(service.poll()).isSameAs(key);
        assertThat(key.pollEvents()).hasSize(1);
    }

    @Test
    void objectsInSysAreToldUntilTheDirectoryItselfGoes() throws IOException {
        KObject bus = t.kernel().objects().directory("bus/pci/devices");
        KObject target = t.kernel().objects().directory("devices/one");
        WatchKey key = path("/sys/bus/pci/devices").register(service, ENTRY_CREATE, ENTRY_DELETE);
        bus.link("0000:00:04.0", target);
        bus.unlink("0000:00:04.0");
        assertThat(service.poll()).isSameAs(key);
        assertThat(key.pollEvents())
                .extracting(event -> event.kind().name())
                .containsExactly(ENTRY_CREATE.name(), ENTRY_DELETE.name());
        key.reset();

        bus.remove();
        assertThat(service.poll()).isSameAs(key);
        assertThat(key.reset()).isFalse();
    }

    @Test
    void aDirectoryThatAnotherOneReplacesIsWatchedNoMore() throws IOException {
        Files.createDirectory(path("/tmp/old"));
        Files.createDirectory(path("/tmp/new"));
        WatchKey key = path("/tmp/old").register(service, ENTRY_CREATE);
        t.vfs().rename(Credentials.ROOT, "/tmp/new", "/tmp/old");
        assertThat(service.poll()).isSameAs(key);
        assertThat(key.reset()).isFalse();
    }

    @Test
    void tooManyEventsAreOneOverflow() throws IOException {
        WatchKey key = path("/tmp").register(service, ENTRY_CREATE);
        for (int i = 0; i < 600; i++) {
            Files.createFile(path("/tmp/f" + i));
        }
        List<WatchEvent<?>> events = key.pollEvents();
        assertThat(events.get(0).kind()).isEqualTo(OVERFLOW);
        assertThat(events).hasSizeLessThan(600);
    }

    @Test
    void oneDirectoryHasOneKey() throws IOException {
        WatchKey key = path("/tmp").register(service, ENTRY_CREATE);
        assertThat(path("/dev/../tmp").register(service, ENTRY_DELETE)).isSameAs(key);
        Files.createFile(path("/tmp/a"));
        assertThat(service.poll()).as("only deletions are wanted now").isNull();
        key.cancel();
        assertThat(key.isValid()).isFalse();
        assertThat(path("/tmp").register(service, ENTRY_CREATE)).isNotSameAs(key);
    }

    @Test
    void aServiceThatIsClosedLetsItsWaitersGo() throws Exception {
        FutureTask<Throwable> waiter = new FutureTask<>(() -> {
            try {
                return new AssertionError("a key came: " + service.take());
            } catch (ClosedWatchServiceException e) {
                return e;
            }
        });
        new Thread(waiter, "waiter").start();
        service.close();
        assertThat(waiter.get(30, SECONDS)).isInstanceOf(ClosedWatchServiceException.class);
        assertThatThrownBy(() -> service.poll()).isInstanceOf(ClosedWatchServiceException.class);
        assertThatThrownBy(() -> path("/tmp").register(service, ENTRY_CREATE))
                .isInstanceOf(ClosedWatchServiceException.class);
    }

    @Test
    void filesOfTheHostAndThingsThatAreNoDirectoryCannotBeWatched() throws IOException {
        assertThatThrownBy(() -> path("/host").register(service, ENTRY_CREATE)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> path("/dev/null").register(service, ENTRY_CREATE))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> path("/tmp").register(service)).isInstanceOf(IllegalArgumentException.class);
        Path host = Path.of("");
        assertThatThrownBy(() -> host.toAbsolutePath().register(service, ENTRY_CREATE))
                .isInstanceOf(java.nio.file.ProviderMismatchException.class);
    }
}
