package org.cardcage.vfs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.util.concurrent.FutureTask;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.CharDevice;
import org.cardcage.kernel.device.CharDeviceSpec;
import org.cardcage.machine.Scheduler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How NIO hears that a blocked read has been ended. */
@Timeout(30)
class NioChannelThreadsTest {

    @RegisterExtension
    final VfsExtension t = VfsExtension.live();

    private record Outcome(Throwable thrown, boolean interrupted) {}

    private TestDevice operations;
    private CharDevice device;
    private FileChannel channel;
    private FutureTask<Outcome> reading;
    private Thread reader;

    @BeforeEach
    void blockedReader() throws IOException {
        operations = new TestDevice(t.kernel().scheduler());
        operations.blocking = true;
        device = t.kernel().charDevices().add(246, 0, CharDeviceSpec.of("edu0", "edu", 0600, operations));
        channel = FileChannel.open(t.vfs().fileSystem().getPath("/dev/edu0"));
        reading = new FutureTask<>(
                () -> new Outcome(catchThrowable(() -> channel.read(ByteBuffer.allocate(16))), Thread.interrupted()));
        reader = new Thread(reading, "reader");
        reader.start();
        await().until(operations.readers::hasSleepers);
    }

    private Outcome outcome() throws Exception {
        return reading.get(20, SECONDS);
    }

    @Test
    void anInterruptClosesTheChannelAndLeavesTheFlagSet() throws Exception {
        reader.interrupt();
        assertThat(outcome().thrown()).isInstanceOf(ClosedByInterruptException.class);
        assertThat(KernelException.errnoOf(outcome().thrown())).contains(Errno.EINTR);
        assertThat(outcome().interrupted()).isTrue();
        assertThat(channel.isOpen()).isFalse();
        assertThat(operations.releases).hasValue(1);
    }

    @Test
    void aCloseByAnotherThreadIsAsynchronous() throws Exception {
        channel.close();
        assertThat(outcome().thrown()).isExactlyInstanceOf(AsynchronousCloseException.class);
        assertThat(KernelException.errnoOf(outcome().thrown())).contains(Errno.EBADF);
        assertThat(outcome().interrupted()).isFalse();
    }

    @Test
    void aRemovalOfTheDeviceIsAnErrorOfTheFile() throws Exception {
        t.kernel().charDevices().remove(device, Scheduler.NEVER);
        assertThat(outcome().thrown()).isInstanceOf(FileSystemException.class).hasMessage("/dev/edu0: No such device");
        assertThat(KernelException.errnoOf(outcome().thrown())).contains(Errno.ENODEV);
        assertThat(channel.isOpen()).isTrue();
        channel.close();
    }

    @Test
    void aThreadThatIsInterruptedAlreadyDoesNotEvenBegin() throws Exception {
        operations.answer("x\n");
        assertThat(outcome().thrown()).isNull();
        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(() -> channel.read(ByteBuffer.allocate(16)));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(ClosedByInterruptException.class);
        assertThat(channel.isOpen()).isFalse();
    }
}
