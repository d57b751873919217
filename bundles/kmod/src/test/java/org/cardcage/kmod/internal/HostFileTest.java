package org.cardcage.kmod.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kmod.internal.HostFile.Stamp;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFileTest {

    @TempDir
    Path folder;

    private Path file;
    private Stamp stamp;

    @BeforeEach
    void write() throws IOException {
        file = Files.write(folder.resolve("any.jar"), new byte[100]);
        stamp = HostFile.stamp(file).orElseThrow();
    }

    private void assertErrno(Errno errno, HostFile.Reading reading) {
        assertThatThrownBy(() -> HostFile.read(file, stamp, reading))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    @Test
    void aQuietFileIsReadWhole() {
        assertThat(HostFile.read(file, stamp)).hasSize(100);
    }

    @Test
    void aFileThatHasGrownBeforeItsEndWasReadIsBusy() {
        assertErrno(Errno.EBUSY, path -> {
            Files.write(path, new byte[10], StandardOpenOption.APPEND);
            return Files.readAllBytes(path);
        });
    }

    @Test
    void aFileThatGrowsAfterItsEndWasReadIsBusy() {
        assertErrno(Errno.EBUSY, path -> {
            byte[] content = Files.readAllBytes(path);
            Files.write(path, new byte[10], StandardOpenOption.APPEND);
            return content;
        });
    }

    @Test
    void aFileThatGoesWhileItIsReadIsBusy() {
        assertErrno(Errno.EBUSY, path -> {
            byte[] content = Files.readAllBytes(path);
            Files.delete(path);
            return content;
        });
    }

    @Test
    void whatCannotBeReadIsAnInputOutputError() {
        assertErrno(Errno.EIO, path -> {
            throw new IOException("on purpose");
        });
    }

    @Test
    void whatIsTooLargeIsNotRead() {
        stamp = new Stamp(1L << 40, stamp.modified());
        assertErrno(Errno.EFBIG, path -> {
            throw new AssertionError("read");
        });
    }

    @Test
    void onlyOrdinaryFilesHaveAStamp() {
        assertThat(HostFile.stamp(folder)).isEmpty();
        assertThat(HostFile.stamp(folder.resolve("absent"))).isEmpty();
    }
}
