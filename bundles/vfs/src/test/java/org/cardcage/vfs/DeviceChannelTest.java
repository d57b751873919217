package org.cardcage.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.CharDeviceSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What channels of the tree can do besides what NIO knows, and their locks. */
class DeviceChannelTest {

    @RegisterExtension
    final VfsExtension t = VfsExtension.stepped();

    private TestDevice device;

    @BeforeEach
    void device() {
        device = new TestDevice(t.kernel().scheduler());
        t.kernel().charDevices().add(246, 0, CharDeviceSpec.of("edu0", "edu", 0600, device));
    }

    private Path path(String text) {
        return t.vfs().fileSystem().getPath(text);
    }

    @Test
    void commandsGoThroughTheChannel() throws IOException {
        try (FileChannel channel = FileChannel.open(path("/dev/edu0"))) {
            ByteBuffer record =
                    ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 5);
            assertThat(DeviceChannel.of(channel)
                            .ioctl(TestDevice.FACT, record.duplicate().order(record.order()), record))
                    .isZero();
            assertThat(record.getInt(0)).isEqualTo(120);

            IOException unknown =
                    (IOException) catchThrowable(() -> DeviceChannel.of(channel).ioctl(0x1234, record, record));
            assertThat(KernelException.errnoOf(unknown)).contains(Errno.ENOTTY);
            assertThat(DeviceChannel.of(channel).poll()).isEqualTo(PollEvent.ALWAYS_READY);
        }
    }

    @Test
    void aClosedChannelSaysSo() throws IOException {
        FileChannel channel = FileChannel.open(path("/dev/edu0"));
        channel.close();
        assertThatThrownBy(() -> DeviceChannel.of(channel).mmap(0, 4096)).isInstanceOf(ClosedChannelException.class);
        assertThat(DeviceChannel.of(channel).poll()).containsExactly(PollEvent.NVAL);
    }

    @Test
    void otherChannelsHaveNoDevice() {
        assertThatThrownBy(() -> DeviceChannel.of(Channels.newChannel(System.in)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aChannelThatMustNotSleepSaysEagain() throws IOException {
        device.blocking = true;
        try (FileChannel channel = FileChannel.open(path("/dev/edu0"), CageOpenOption.NONBLOCK)) {
            Throwable refused = catchThrowable(() -> channel.read(ByteBuffer.allocate(10)));
            assertThat(KernelException.errnoOf(refused)).contains(Errno.EAGAIN);
        }
    }

    @Test
    void lockedPartsOfAFileExcludeEachOther() throws IOException {
        Files.writeString(path("/tmp/f"), "0123456789");
        FileChannel one = FileChannel.open(path("/tmp/f"), StandardOpenOption.WRITE);
        FileChannel two = FileChannel.open(path("/tmp/f"), StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = one.lock(0, 5, false);
        assertThat(lock.isValid()).isTrue();
        assertThatThrownBy(() -> two.tryLock(4, 1, true)).isInstanceOf(OverlappingFileLockException.class);
        try (FileLock other = two.tryLock(5, 5, true)) {
            assertThat(other.isShared()).isTrue();
        }
        lock.release();
        assertThat(lock.isValid()).isFalse();
        FileLock whole = two.lock();
        two.close();
        assertThat(whole.isValid()).isFalse();
        assertThat(one.tryLock(0, 10, false)).isNotNull();
        assertThatThrownBy(() -> one.lock(0, 1, true)).isInstanceOf(NonReadableChannelException.class);
        assertThatThrownBy(() -> FileChannel.open(path("/tmp/f")).lock())
                .isInstanceOf(NonWritableChannelException.class);
    }

    @Test
    void onlyWhatCanBeSynchronisedIs() throws IOException {
        try (FileChannel file = FileChannel.open(path("/tmp/f"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileChannel edu = FileChannel.open(path("/dev/edu0"))) {
            file.force(true);
            assertThat(KernelException.errnoOf(catchThrowable(() -> edu.force(true))))
                    .contains(Errno.EINVAL);
        }
    }
}
