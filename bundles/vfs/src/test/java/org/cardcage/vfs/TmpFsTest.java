package org.cardcage.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardcage.vfs.VfsExtension.NOBODY;
import static org.cardcage.vfs.VfsExtension.ROOT;
import static org.cardcage.vfs.VfsExtension.bytes;
import static org.cardcage.vfs.VfsExtension.errno;
import static org.cardcage.vfs.VfsExtension.readAll;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.cardcage.kernel.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TmpFsTest {

    @RegisterExtension
    final VfsExtension t = VfsExtension.stepped();

    @Test
    void createdFilesKeepWhatIsWritten() {
        t.write("/tmp/f", "hello");
        assertThat(t.read("/tmp/f")).isEqualTo("hello");
        FileStatus status = t.vfs().stat(ROOT, "/tmp/f");
        assertThat(status.mode()).isEqualTo(0100644);
        assertThat(status.size()).isEqualTo(5);
        assertThat(status.links()).isEqualTo(1);
    }

    @Test
    void positionsMoveWithReadsAndWritesOnly() {
        try (OpenFile f = t.open("/tmp/f", OpenFlag.READ, OpenFlag.WRITE, OpenFlag.CREATE)) {
            assertThat(f.write(bytes("abcdef"))).isEqualTo(6);
            assertThat(f.pwrite(bytes("XY"), 1)).isEqualTo(2);
            assertThat(f.llseek(0, Whence.CUR)).isEqualTo(6);
            assertThat(f.llseek(-4, Whence.END)).isEqualTo(2);
            assertThat(readAll(f)).isEqualTo("Ydef");
            ByteBuffer two = ByteBuffer.allocate(2);
            assertThat(f.pread(two, 0)).isEqualTo(2);
            assertThat(f.llseek(0, Whence.CUR)).isEqualTo(6);
            assertThat(f.pread(ByteBuffer.allocate(2), 6)).isZero();
            assertThat(errno(() -> f.llseek(-1, Whence.SET))).isEqualTo(Errno.EINVAL);
            assertThat(errno(() -> f.pread(two, -1))).isEqualTo(Errno.EINVAL);
        }
    }

    @Test
    void gapsReadAsZerosAlsoAfterShrinking() {
        try (OpenFile f = t.open("/tmp/f", OpenFlag.READ, OpenFlag.WRITE, OpenFlag.CREATE)) {
            f.write(bytes("secret"));
            f.truncate(2);
            f.pwrite(bytes("x"), 4);
            assertThat(f.llseek(0, Whence.SET)).isZero();
            assertThat(readAll(f)).isEqualTo("se\0\0x");
            assertThat(errno(() -> f.pwrite(bytes("x"), 1L << 40))).isEqualTo(Errno.EFBIG);
        }
    }

    @Test
    void appendGoesToTheEndWhereverThePositionIs() {
        t.write("/tmp/f", "one");
        try (OpenFile f = t.open("/tmp/f", OpenFlag.WRITE, OpenFlag.APPEND)) {
            f.llseek(0, Whence.SET);
            assertThat(f.write(bytes("two"))).isEqualTo(3);
            assertThat(f.llseek(0, Whence.CUR)).isEqualTo(6);
        }
        assertThat(t.read("/tmp/f")).isEqualTo("onetwo");
    }

    @Test
    void theModeOfOpeningAndCloseAreHeeded() {
        t.write("/tmp/f", "x");
        OpenFile reader = t.open("/tmp/f", OpenFlag.READ);
        OpenFile writer = t.open("/tmp/f", OpenFlag.WRITE);
        assertThat(errno(() -> reader.write(bytes("y")))).isEqualTo(Errno.EBADF);
        assertThat(errno(() -> reader.truncate(0))).isEqualTo(Errno.EINVAL);
        assertThat(errno(() -> writer.read(ByteBuffer.allocate(1)))).isEqualTo(Errno.EBADF);
        reader.close();
        reader.close();
        assertThat(errno(() -> reader.read(ByteBuffer.allocate(1)))).isEqualTo(Errno.EBADF);
        assertThat(errno(reader::status)).isEqualTo(Errno.EBADF);
        writer.close();
    }

    @Test
    void openHeedsItsFlags() {
        t.write("/tmp/f", "text");
        t.vfs().symlink(ROOT, "f", "/tmp/link");
        t.vfs().symlink(ROOT, "new", "/tmp/dangling");
        assertThat(errno(() -> t.open("/tmp/f", OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE)))
                .isEqualTo(Errno.EEXIST);
        assertThat(errno(() -> t.open("/tmp/dangling", OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE)))
                .isEqualTo(Errno.EEXIST);
        assertThat(errno(() -> t.open("/tmp/link", OpenFlag.READ, OpenFlag.NOFOLLOW)))
                .isEqualTo(Errno.ELOOP);
        assertThat(errno(() -> t.open("/tmp/f", OpenFlag.READ, OpenFlag.DIRECTORY)))
                .isEqualTo(Errno.ENOTDIR);
        assertThat(errno(() -> t.open("/tmp", OpenFlag.WRITE))).isEqualTo(Errno.EISDIR);
        assertThat(errno(() -> t.open("/tmp/new/", OpenFlag.WRITE, OpenFlag.CREATE)))
                .isEqualTo(Errno.EISDIR);
        assertThat(errno(() -> t.open("/tmp/new", OpenFlag.WRITE))).isEqualTo(Errno.ENOENT);
        t.write("/tmp/dangling", "made through the link");
        assertThat(t.read("/tmp/new")).isEqualTo("made through the link");
        t.open("/tmp/link", OpenFlag.WRITE, OpenFlag.TRUNCATE).close();
        assertThat(t.read("/tmp/f")).isEmpty();
    }

    @Test
    void directoriesOpenForNothingButTheirStatus() {
        try (OpenFile d = t.open("/tmp", OpenFlag.READ, OpenFlag.DIRECTORY)) {
            assertThat(d.status().permissions()).isEqualTo(01777);
            assertThat(errno(() -> d.read(ByteBuffer.allocate(1)))).isEqualTo(Errno.EISDIR);
        }
    }

    @Test
    void filesWithoutANameLiveUntilTheyAreClosed() {
        t.write("/tmp/f", "still here");
        try (OpenFile f = t.open("/tmp/f", OpenFlag.READ)) {
            t.vfs().unlink(ROOT, "/tmp/f");
            assertThat(readAll(f)).isEqualTo("still here");
        }
        assertThat(errno(() -> t.read("/tmp/f"))).isEqualTo(Errno.ENOENT);
    }

    @ParameterizedTest
    @CsvSource({
        "unlink, /tmp/d, EISDIR",
        "unlink, /tmp/d/., EISDIR",
        "unlink, /, EISDIR",
        "unlink, /tmp/f/, ENOTDIR",
        "unlink, /tmp/nope, ENOENT",
        "rmdir, /tmp/f, ENOTDIR",
        "rmdir, /tmp/l/, ENOTDIR",
        "rmdir, /tmp/d, ENOTEMPTY",
        "rmdir, /tmp/d/., EINVAL",
        "rmdir, /tmp/d/.., ENOTEMPTY",
        "rmdir, /dev, EBUSY",
        "rmdir, /, EBUSY",
        "mkdir, /tmp/d, EEXIST",
        "mkdir, /tmp/f, EEXIST",
        "mkdir, /tmp/l, EEXIST",
        "mkdir, /, EEXIST",
        "mkdir, /tmp/nope/x, ENOENT",
        "mkdir, /tmp/f/x, ENOTDIR",
    })
    void namesAreMadeAndRemovedAsOnLinux(String call, String path, Errno expected) {
        t.vfs().mkdir(ROOT, "/tmp/d", 0755);
        t.write("/tmp/d/inside", "x");
        t.write("/tmp/f", "x");
        t.vfs().symlink(ROOT, "d", "/tmp/l");
        assertThat(errno(() -> {
                    switch (call) {
                        case "unlink" -> t.vfs().unlink(ROOT, path);
                        case "rmdir" -> t.vfs().rmdir(ROOT, path);
                        default -> t.vfs().mkdir(ROOT, path, 0755);
                    }
                }))
                .isEqualTo(expected);
    }

    @Test
    void directoriesCountTheirLinksAndGoWhenEmpty() {
        t.vfs().mkdir(ROOT, "/tmp/d/", 0711);
        t.vfs().mkdir(ROOT, "/tmp/d/e", 0755);
        assertThat(t.vfs().stat(ROOT, "/tmp/d").links()).isEqualTo(3);
        assertThat(t.vfs().stat(ROOT, "/tmp/d").permissions()).isEqualTo(0711);
        t.vfs().rmdir(ROOT, "/tmp/d/e");
        t.vfs().rmdir(ROOT, "/tmp/d");
        assertThat(t.names("/tmp")).isEmpty();
    }

    @Test
    void renameReplacesTheSameKindOnly() {
        t.write("/tmp/f", "moved");
        t.write("/tmp/g", "old");
        t.vfs().mkdir(ROOT, "/tmp/d", 0755);
        t.vfs().mkdir(ROOT, "/tmp/e", 0755);
        t.write("/tmp/e/inside", "x");
        assertThat(errno(() -> t.vfs().rename(ROOT, "/tmp/f", "/tmp/d"))).isEqualTo(Errno.EISDIR);
        assertThat(errno(() -> t.vfs().rename(ROOT, "/tmp/d", "/tmp/f"))).isEqualTo(Errno.ENOTDIR);
        assertThat(errno(() -> t.vfs().rename(ROOT, "/tmp/d", "/tmp/e"))).isEqualTo(Errno.ENOTEMPTY);
        assertThat(errno(() -> t.vfs().rename(ROOT, "/tmp/e", "/tmp/e/x"))).isEqualTo(Errno.EINVAL);
        assertThat(errno(() -> t.vfs().rename(ROOT, "/tmp/f", "/dev/f"))).isEqualTo(Errno.EXDEV);
        assertThat(errno(() -> t.vfs().rename(ROOT, "/lib", "/tmp/dev/lib"))).isEqualTo(Errno.ENOENT);
        assertThat(errno(() -> t.vfs().rename(ROOT, "/tmp/.", "/tmp/x"))).isEqualTo(Errno.EBUSY);
        t.vfs().rename(ROOT, "/tmp/f", "/tmp/g");
        t.vfs().rename(ROOT, "/tmp/e", "/tmp/d");
        assertThat(t.names("/tmp")).containsExactly("d", "g");
        assertThat(t.read("/tmp/g")).isEqualTo("moved");
        assertThat(t.names("/tmp/d")).containsExactly("inside");
    }

    @Test
    void timesAndModesChangeForTheOwnerAndRoot() {
        t.write("/tmp/f", "x");
        Instant then = Instant.parse("2001-02-03T04:05:06Z");
        t.vfs().utimes(ROOT, "/tmp/f", then);
        t.vfs().chmod(ROOT, "/tmp/f", 0100640);
        assertThat(t.vfs().stat(ROOT, "/tmp/f").modified()).isEqualTo(then);
        assertThat(t.vfs().stat(ROOT, "/tmp/f").permissions()).isEqualTo(0640);
        assertThat(errno(() -> t.vfs().chmod(NOBODY, "/tmp/f", 0777))).isEqualTo(Errno.EPERM);
        assertThat(errno(() -> t.vfs().utimes(NOBODY, "/tmp/f", then))).isEqualTo(Errno.EPERM);
    }

    @Test
    void filesBelongToWhoeverMakesThem() {
        t.openAs(NOBODY, "/tmp/mine", OpenFlag.WRITE, OpenFlag.CREATE).close();
        t.write("/tmp/roots", "x");
        FileStatus mine = t.vfs().stat(NOBODY, "/tmp/mine");
        assertThat(mine.uid()).isEqualTo(NOBODY.uid());
        assertThat(errno(() -> t.openAs(NOBODY, "/tmp/roots", OpenFlag.WRITE))).isEqualTo(Errno.EACCES);
        assertThat(errno(() -> t.openAs(NOBODY, "/x", OpenFlag.WRITE, OpenFlag.CREATE)))
                .isEqualTo(Errno.EACCES);
        assertThat(errno(() -> t.vfs().unlink(NOBODY, "/tmp/roots"))).isEqualTo(Errno.EPERM);
        assertThat(errno(() -> t.vfs().mknod(NOBODY, "/tmp/n", 0666, 1, 3))).isEqualTo(Errno.EPERM);
        t.vfs().unlink(NOBODY, "/tmp/mine");
    }
}
