package org.cardcage.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.cardcage.vfs.VfsExtension.ROOT;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.CharDeviceSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@link Files} and channels on the tree. */
class NioFilesTest {

    @RegisterExtension
    final VfsExtension t = VfsExtension.stepped();

    @TempDir
    Path host;

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
    void filesAreWrittenAndReadInEveryWay() throws IOException {
        Path f = path("/tmp/f");
        Files.writeString(f, "one\ntwo\n");
        Files.write(f, List.of("three"), StandardOpenOption.APPEND);
        assertThat(Files.readString(f)).isEqualTo("one\ntwo\nthree\n");
        assertThat(Files.readAllLines(f)).containsExactly("one", "two", "three");
        try (Stream<String> lines = Files.lines(f)) {
            assertThat(lines).hasSize(3);
        }
        try (Scanner scanner = new Scanner(f)) {
            assertThat(scanner.next()).isEqualTo("one");
        }
        assertThat(Files.size(f)).isEqualTo(14);
        Files.writeString(f, "x");
        assertThat(Files.readString(f)).isEqualTo("x");
        assertThat(Files.isWritable(f)).isTrue();
        assertThat(Files.isExecutable(f)).isFalse();
    }

    @Test
    void filesWithoutASizeAreReadToTheirEnd() throws IOException {
        assertThat(Files.size(path("/proc/devices"))).isZero();
        assertThat(Files.readString(path("/proc/devices"))).startsWith("Character devices:");
        assertThat(Files.readAllBytes(path("/dev/edu0"))).hasSize(11);
        Path copy = host.resolve("devices");
        Files.copy(path("/proc/devices"), copy);
        assertThat(copy).content().startsWith("Character devices:");
    }

    @Test
    void aNodeIsWrittenWithWhateverOptionsAShellUses() throws IOException {
        Files.writeString(path("/dev/edu0"), "5\n");
        Files.writeString(path("/dev/edu0"), "5\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        assertThat(Files.readString(path("/dev/edu0"))).isEqualTo("120\n");
    }

    @Test
    void directoriesAreListedWalkedAndMade() throws IOException {
        Files.createDirectories(path("/tmp/a/b"));
        Files.writeString(path("/tmp/a/b/f.txt"), "x");
        Files.createSymbolicLink(path("/tmp/a/up"), path(".."));
        try (Stream<Path> list = Files.list(path("/tmp/a"))) {
            assertThat(list).containsExactly(path("/tmp/a/b"), path("/tmp/a/up"));
        }
        try (Stream<Path> walk = Files.walk(path("/tmp/a"))) {
            assertThat(walk)
                    .containsExactly(path("/tmp/a"), path("/tmp/a/b"), path("/tmp/a/b/f.txt"), path("/tmp/a/up"));
        }
        try (Stream<Path> walk = Files.walk(path("/tmp/a"), FileVisitOption.FOLLOW_LINKS)) {
            assertThatThrownBy(walk::toList).hasRootCauseInstanceOf(FileSystemLoopException.class);
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(path("/tmp/a/b"), "*.{txt,md}")) {
            assertThat(stream).containsExactly(path("/tmp/a/b/f.txt"));
        }
        assertThat(Files.readSymbolicLink(path("/tmp/a/up"))).isEqualTo(path(".."));
        assertThat(path("/tmp/a/up/a/b").toRealPath()).isEqualTo(path("/tmp/a/b"));
    }

    @Test
    void copyingWorksWithinTheTreeAndBothWaysToTheHost() throws IOException {
        Path f = Files.writeString(path("/tmp/f"), "text");
        Files.copy(f, path("/tmp/g"));
        Files.copy(f, host.resolve("h"));
        Files.copy(host.resolve("h"), path("/tmp/k"), StandardCopyOption.COPY_ATTRIBUTES);
        assertThat(Files.mismatch(f, path("/tmp/g"))).isEqualTo(-1);
        assertThat(Files.mismatch(host.resolve("h"), path("/tmp/k"))).isEqualTo(-1);
        assertThat(Files.getLastModifiedTime(path("/tmp/k"))).isEqualTo(Files.getLastModifiedTime(host.resolve("h")));
        assertThatThrownBy(() -> Files.copy(f, path("/tmp/g"))).isInstanceOf(FileAlreadyExistsException.class);
        Files.writeString(f, "other");
        Files.copy(f, path("/tmp/g"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(Files.readString(path("/tmp/g"))).isEqualTo("other");
    }

    @Test
    void movingRenamesOrCopies() throws IOException {
        Files.writeString(path("/tmp/f"), "text");
        Object key =
                Files.readAttributes(path("/tmp/f"), BasicFileAttributes.class).fileKey();
        Files.move(path("/tmp/f"), path("/tmp/g"));
        assertThat(Files.readAttributes(path("/tmp/g"), BasicFileAttributes.class)
                        .fileKey())
                .isEqualTo(key);
        Files.writeString(path("/tmp/taken"), "x");
        assertThatThrownBy(() -> Files.move(path("/tmp/g"), path("/tmp/taken")))
                .isInstanceOf(FileAlreadyExistsException.class);
        Path there = path("/host" + host.toRealPath() + "/g");
        assertThatThrownBy(() -> Files.move(path("/tmp/g"), there, StandardCopyOption.ATOMIC_MOVE))
                .isInstanceOf(AtomicMoveNotSupportedException.class);
        Files.move(path("/tmp/g"), there);
        assertThat(host.resolve("g")).hasContent("text");
        Files.move(host.resolve("g"), path("/tmp/taken"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(Files.readString(path("/tmp/taken"))).isEqualTo("text");
        Files.createDirectory(path("/tmp/dir"));
        Files.move(path("/tmp/taken"), path("/tmp/dir"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(Files.isRegularFile(path("/tmp/dir"))).isTrue();
    }

    @Test
    void attributesAreThereInEveryView() throws IOException {
        Path node = path("/dev/edu0");
        Map<String, Object> unix = Files.readAttributes(node, "unix:*");
        assertThat(unix)
                .containsEntry("mode", 020600)
                .containsEntry("rdev", 246L << 8)
                .containsEntry("uid", 0)
                .containsEntry("nlink", 1)
                .containsEntry("isOther", true)
                .containsKeys("ino", "dev", "gid", "permissions", "owner", "group", "size", "lastModifiedTime");
        assertThat(Files.readAttributes(node, "size,isOther")).containsOnlyKeys("size", "isOther");
        assertThat(Files.getAttribute(node, "unix:ino"))
                .isEqualTo(t.vfs().stat(ROOT, "/dev/edu0").inode());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(node)))
                .isEqualTo("rw-------");
        assertThat(Files.getOwner(node).getName()).isEqualTo("root");
        assertThat(node.getFileSystem().supportedFileAttributeViews())
                .containsExactlyInAnyOrder("basic", "owner", "posix", "unix");
        assertThatThrownBy(() -> Files.getAttribute(node, "unix:nope")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Files.getAttribute(node, "dos:hidden"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void attributesCanBeSet() throws IOException {
        Path f = Files.createFile(
                path("/tmp/f"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertThat(t.vfs().stat(ROOT, "/tmp/f").permissions()).isEqualTo(0700);
        FileTime then = FileTime.fromMillis(1_000_000);
        Files.getFileAttributeView(f, BasicFileAttributeView.class).setTimes(then, null, null);
        Files.setPosixFilePermissions(f, PosixFilePermissions.fromString("r--r-----"));
        Files.setOwner(f, f.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("root"));
        assertThat(Files.getLastModifiedTime(f)).isEqualTo(then);
        assertThat(t.vfs().stat(ROOT, "/tmp/f").permissions()).isEqualTo(0440);
        Files.setAttribute(f, "unix:mode", 0600);
        assertThat(t.vfs().stat(ROOT, "/tmp/f").permissions()).isEqualTo(0600);
    }

    private static void refused(Class<? extends IOException> type, Errno errno, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(type);
        assertThat(KernelException.errnoOf(thrown)).contains(errno);
    }

    @Test
    void everyErrnoHasItsExceptionAndStaysItsCause() throws IOException {
        Files.createDirectories(path("/tmp/d/e"));
        Files.writeString(path("/tmp/f"), "x");
        Files.createSymbolicLink(path("/tmp/loop"), path("loop"));
        refused(NoSuchFileException.class, Errno.ENOENT, () -> Files.readString(path("/nope")));
        refused(NoSuchFileException.class, Errno.ENOENT, () -> Files.delete(path("/nope")));
        refused(FileAlreadyExistsException.class, Errno.EEXIST, () -> Files.createFile(path("/tmp/f")));
        refused(FileAlreadyExistsException.class, Errno.EEXIST, () -> Files.createDirectory(path("/tmp/f")));
        refused(FileAlreadyExistsException.class, Errno.EEXIST, () -> Files.copy(path("/tmp/f"), path("/tmp/d")));
        refused(AccessDeniedException.class, Errno.EPERM, () -> Files.delete(path("/proc/devices")));
        refused(NotDirectoryException.class, Errno.ENOTDIR, () -> Files.list(path("/tmp/f")));
        refused(NotDirectoryException.class, Errno.ENOTDIR, () -> Files.readString(path("/tmp/f/x")));
        refused(DirectoryNotEmptyException.class, Errno.ENOTEMPTY, () -> Files.delete(path("/tmp/d")));
        refused(FileSystemLoopException.class, Errno.ELOOP, () -> Files.readString(path("/tmp/loop")));
        refused(NotLinkException.class, Errno.EINVAL, () -> Files.readSymbolicLink(path("/tmp/f")));
        refused(FileSystemException.class, Errno.EIO, () -> Files.writeString(path("/proc/devices"), "x"));
        refused(FileSystemException.class, Errno.EISDIR, () -> Files.readString(path("/tmp")));
        refused(FileSystemException.class, Errno.ENOSPC, () -> Files.writeString(path("/dev/full"), "x"));
        assertThatThrownBy(() -> Files.writeString(path("/dev/edu0"), "abc\n"))
                .isInstanceOf(FileSystemException.class)
                .hasMessage("/dev/edu0: Invalid argument");
    }

    @Test
    void channelsArePositionalAndHeedTheirMode() throws IOException {
        try (FileChannel channel = FileChannel.open(
                path("/tmp/f"), StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            assertThat(channel.write(VfsExtension.bytes("0123456789"))).isEqualTo(10);
            ByteBuffer three = ByteBuffer.allocate(3);
            assertThat(channel.read(three, 4)).isEqualTo(3);
            assertThat(VfsExtension.text(three)).isEqualTo("456");
            assertThat(channel.position()).isEqualTo(10);
            assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(channel.read(ByteBuffer.allocate(1), 10)).isEqualTo(-1);
            channel.position(8).truncate(5);
            assertThat(channel.size()).isEqualTo(5);
            assertThat(channel.position()).isEqualTo(5);
            ByteBuffer[] parts = {ByteBuffer.allocate(2), ByteBuffer.allocate(8)};
            assertThat(channel.position(0).read(parts)).isEqualTo(5);
            assertThatThrownBy(() -> channel.map(FileChannel.MapMode.READ_ONLY, 0, 1))
                    .isInstanceOf(UnsupportedOperationException.class);
            try (FileChannel copy =
                    FileChannel.open(path("/tmp/g"), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                assertThat(channel.transferTo(1, 3, copy)).isEqualTo(3);
                assertThat(copy.transferFrom(channel.position(0), 3, 5)).isEqualTo(5);
                assertThatThrownBy(() -> copy.read(three)).isInstanceOf(NonReadableChannelException.class);
            }
        }
        assertThat(Files.readString(path("/tmp/g"))).isEqualTo("12301234");
        FileChannel reader = FileChannel.open(path("/tmp/f"));
        assertThatThrownBy(() -> reader.write(ByteBuffer.allocate(1))).isInstanceOf(NonWritableChannelException.class);
        reader.close();
        assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(reader::size).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aFileToDeleteOnCloseIsGoneAfterwards() throws IOException {
        try (OutputStream out =
                Files.newOutputStream(path("/tmp/f"), StandardOpenOption.CREATE, StandardOpenOption.DELETE_ON_CLOSE)) {
            out.write(1);
            assertThat(Files.exists(path("/tmp/f"))).isTrue();
        }
        assertThat(Files.exists(path("/tmp/f"))).isFalse();
    }

    @Test
    void aWriteErrorThatAPrintStreamSwallowsIsFound() throws IOException {
        try (PrintStream out = new PrintStream(Files.newOutputStream(path("/dev/edu0")), true)) {
            assertThat(t.vfs().takeWriteError()).isEmpty();
            out.println("abc");
            assertThat(out.checkError()).isTrue();
        }
        assertThat(t.vfs().takeWriteError()).map(KernelException::errno).contains(Errno.EINVAL);
        assertThat(t.vfs().takeWriteError()).isEmpty();
    }

    @Test
    void whatIsHiddenSameOrStoredCanBeAsked() throws IOException {
        Files.createSymbolicLink(path("/tmp/null"), path("/dev/null"));
        assertThat(Files.isSameFile(path("/tmp/null"), path("/dev/null"))).isTrue();
        assertThat(Files.isSameFile(path("/dev/zero"), path("/dev/null"))).isFalse();
        assertThat(Files.isSameFile(path("/dev/zero"), host)).isFalse();
        assertThat(Files.isHidden(path("/tmp/.profile"))).isTrue();
        assertThat(Files.isHidden(path("/"))).isFalse();
        assertThat(Files.getFileStore(path("/")).type()).isEqualTo("cage");
    }

    @Test
    void afterTheEndOfTheTreeItsPathsAreDead() {
        Path f = path("/tmp");
        t.vfs().close();
        assertThat(f.getFileSystem().isOpen()).isFalse();
        assertThatThrownBy(() -> Files.list(f)).isInstanceOf(ClosedFileSystemException.class);
        t.remount(Vfs::new);
    }
}
