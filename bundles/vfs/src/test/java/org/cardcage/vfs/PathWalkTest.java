package org.cardcage.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardcage.vfs.VfsExtension.NOBODY;
import static org.cardcage.vfs.VfsExtension.ROOT;
import static org.cardcage.vfs.VfsExtension.errno;

import org.cardcage.kernel.Errno;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathWalkTest {

    @RegisterExtension
    final VfsExtension t = VfsExtension.stepped();

    @BeforeEach
    void tree() {
        t.vfs().mkdir(ROOT, "/a", 0755);
        t.vfs().mkdir(ROOT, "/a/b", 0755);
        t.vfs().mkdir(ROOT, "/closed", 0700);
        t.write("/a/b/file", "x");
        t.write("/closed/file", "x");
        t.vfs().symlink(ROOT, "b/file", "/a/relative");
        t.vfs().symlink(ROOT, "/a/b", "/a/absolute");
        t.vfs().symlink(ROOT, "b/", "/a/slashed");
        t.vfs().symlink(ROOT, "/nothing", "/a/dangling");
        t.vfs().symlink(ROOT, "loop2", "/a/loop1");
        t.vfs().symlink(ROOT, "loop1", "/a/loop2");
    }

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "//, /",
        "/.., /",
        "/a/b/../../.., /",
        "/a//b/./file, /a/b/file",
        "/a/b/, /a/b",
        "/a/relative, /a/b/file",
        "/a/absolute/file, /a/b/file",
        "/a/absolute/.., /a",
        "/a/slashed, /a/b",
        "a/b, /a/b",
        "/dev/../dev/null, /dev/null",
        "/proc/../a, /a",
    })
    void resolvesToTheRealPath(String path, String real) {
        assertThat(t.vfs().realpath(ROOT, path)).isEqualTo(real);
    }

    @ParameterizedTest
    @CsvSource({
        "/nope, ENOENT",
        "/nope/x, ENOENT",
        "'', ENOENT",
        "/a/dangling, ENOENT",
        "/a/b/file/, ENOTDIR",
        "/a/b/file/., ENOTDIR",
        "/a/b/file/.., ENOTDIR",
        "/a/b/file/x, ENOTDIR",
        "/a/relative/, ENOTDIR",
        "/a/loop1, ELOOP",
        "/a/loop1/x, ELOOP",
    })
    void refusesWithTheErrnoOfLinux(String path, Errno expected) {
        assertThat(errno(() -> t.vfs().stat(ROOT, path))).isEqualTo(expected);
    }

    @Test
    void allowsFortyLinksAndNoMore() {
        t.write("/target", "x");
        t.vfs().symlink(ROOT, "/target", "/l1");
        for (int i = 2; i <= 41; i++) {
            t.vfs().symlink(ROOT, "/l" + (i - 1), "/l" + i);
        }
        assertThat(t.vfs().realpath(ROOT, "/l40")).isEqualTo("/target");
        assertThat(errno(() -> t.vfs().stat(ROOT, "/l41"))).isEqualTo(Errno.ELOOP);
    }

    @Test
    void limitsNamesTo255BytesAndPathsTo4095() {
        t.write("/" + "n".repeat(255), "x");
        assertThat(errno(() -> t.write("/" + "n".repeat(256), "x"))).isEqualTo(Errno.ENAMETOOLONG);
        assertThat(errno(() -> t.write("/" + "ä".repeat(128), "x"))).isEqualTo(Errno.ENAMETOOLONG);
        t.write("/" + "ä".repeat(127), "x");
        assertThat(t.vfs().stat(ROOT, "/a" + "/.".repeat(2046)).isDirectory()).isTrue();
        assertThat(errno(() -> t.vfs().stat(ROOT, "/a" + "/.".repeat(2047)))).isEqualTo(Errno.ENAMETOOLONG);
    }

    @Test
    void zeroBytesInPathsAreRefused() {
        assertThat(errno(() -> t.vfs().stat(ROOT, "/a\0b"))).isEqualTo(Errno.EINVAL);
    }

    @Test
    void lstatSeesTheLinkUnlessASlashFollows() {
        assertThat(t.vfs().lstat(ROOT, "/a/absolute").type()).isEqualTo(FileType.SYMLINK);
        assertThat(t.vfs().lstat(ROOT, "/a/absolute/").type()).isEqualTo(FileType.DIRECTORY);
        assertThat(t.vfs().lstat(ROOT, "/a/absolute").size()).isEqualTo("/a/b".length());
        assertThat(t.vfs().readlink(ROOT, "/a/absolute")).isEqualTo("/a/b");
        assertThat(errno(() -> t.vfs().readlink(ROOT, "/a/b"))).isEqualTo(Errno.EINVAL);
    }

    @Test
    void othersNeedSearchPermissionOnTheWay() {
        assertThat(t.vfs().stat(ROOT, "/closed/file").size()).isEqualTo(1);
        assertThat(errno(() -> t.vfs().stat(NOBODY, "/closed/file"))).isEqualTo(Errno.EACCES);
        assertThat(errno(() -> t.vfs().readdir(NOBODY, "/closed"))).isEqualTo(Errno.EACCES);
        assertThat(t.vfs().stat(NOBODY, "/a/b/file").size()).isEqualTo(1);
    }

    @Test
    void accessAsksForTheBitsOfTheMask() {
        t.vfs().access(NOBODY, "/a/b/file", 4);
        t.vfs().access(NOBODY, "/a", 1);
        assertThat(errno(() -> t.vfs().access(NOBODY, "/a/b/file", 2))).isEqualTo(Errno.EACCES);
        assertThat(errno(() -> t.vfs().access(ROOT, "/a/b/file", 1))).isEqualTo(Errno.EACCES);
        t.vfs().access(ROOT, "/a/b/file", 6);
        t.vfs().chmod(ROOT, "/a/b/file", 0100);
        t.vfs().access(ROOT, "/a/b/file", 7);
    }

    @Test
    void inodeNumbersStayAndDiffer() {
        FileStatus file = t.vfs().stat(ROOT, "/a/b/file");
        t.vfs().rename(ROOT, "/a/b/file", "/moved");
        assertThat(t.vfs().stat(ROOT, "/moved").inode()).isEqualTo(file.inode());
        assertThat(t.vfs().stat(ROOT, "/a").inode()).isNotEqualTo(file.inode());
        assertThat(t.vfs().stat(ROOT, "/proc/devices").inode())
                .isEqualTo(t.vfs().stat(ROOT, "/proc/devices").inode());
        assertThat(t.vfs().stat(ROOT, "/proc").device())
                .isNotEqualTo(t.vfs().stat(ROOT, "/").device());
    }
}
