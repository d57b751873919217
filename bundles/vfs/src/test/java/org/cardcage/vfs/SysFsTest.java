package org.cardcage.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardcage.vfs.VfsExtension.ROOT;
import static org.cardcage.vfs.VfsExtension.bytes;
import static org.cardcage.vfs.VfsExtension.errno;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.kobject.AttributeGroup;
import org.cardcage.kernel.kobject.AttributeOwner;
import org.cardcage.kernel.kobject.BinaryAttribute;
import org.cardcage.kernel.kobject.KObject;
import org.cardcage.kernel.kobject.TextAttribute;
import org.cardcage.kernel.module.KernelModule;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SysFsTest {

    @RegisterExtension
    final VfsExtension t = VfsExtension.stepped();

    private final AtomicReference<String> value = new AtomicReference<>("first\n");
    private KObject device;

    @BeforeEach
    void aDeviceWithAttributes() {
        device = t.kernel().objects().directory("devices/one");
        KObject bus = t.kernel().objects().directory("bus/test/devices");
        bus.link("one", device);
        device.show(
                value,
                new AttributeGroup<AtomicReference<String>>(List.of(
                        TextAttribute.readWrite("label", AtomicReference::get, (v, text, cancel) -> v.set(text)),
                        TextAttribute.readOnly("upper", v -> v.get().toUpperCase(java.util.Locale.ROOT)),
                        TextAttribute.writeOnly("remove", (v, text, cancel) -> v.set("")),
                        new BinaryAttribute<AtomicReference<String>>(
                                "config", 0644, v -> 4, v -> true, new BinaryAttribute.Content<>() {
                                    @Override
                                    public int read(AtomicReference<String> v, ByteBuffer to, long position) {
                                        int count = to.remaining();
                                        byte[] all = v.get().getBytes(StandardCharsets.UTF_8);
                                        to.put(all, (int) position, count);
                                        return count;
                                    }
                                }))),
                new AttributeOwner(t.kernel(), new KernelModule("test")));
    }

    private OpenFile open(String path, OpenFlag... flags) {
        return t.vfs().open(ROOT, path, Set.of(flags), 0);
    }

    private static String text(OpenFile file) {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        file.read(buffer);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    @Test
    void anAttributeIsReadAtItsBeginningAnewAndElsewhereAsItWas() {
        try (OpenFile file = open("/sys/bus/test/devices/one/label", OpenFlag.READ)) {
            assertThat(text(file)).isEqualTo("first\n");
            value.set("second\n");
            assertThat(text(file)).isEmpty();
            file.llseek(0, Whence.SET);
            assertThat(text(file)).isEqualTo("second\n");
        }
    }

    @Test
    void eachWriteIsOneValueWhereverThePositionIs() {
        try (OpenFile file = open("/sys/devices/one/label", OpenFlag.WRITE, OpenFlag.TRUNCATE)) {
            assertThat(file.write(bytes("abc\n"))).isEqualTo(4);
            assertThat(file.write(bytes("d\n"))).isEqualTo(2);
        }
        assertThat(value).hasValue("d\n");
    }

    @Test
    void evenRootNeedsThePermissionBit() {
        assertThat(errno(() -> open("/sys/devices/one/remove", OpenFlag.READ))).isEqualTo(Errno.EACCES);
        assertThat(errno(() -> open("/sys/devices/one/upper", OpenFlag.WRITE))).isEqualTo(Errno.EACCES);
    }

    @Test
    void bytesEndWhereTheFileEnds() {
        FileStatus status = t.vfs().stat(ROOT, "/sys/devices/one/config");
        assertThat(status.size()).isEqualTo(4);
        try (OpenFile file = open("/sys/devices/one/config", OpenFlag.READ)) {
            ByteBuffer to = ByteBuffer.allocate(100);
            assertThat(file.pread(to, 1)).isEqualTo(3);
            assertThat(file.pread(to, 4)).isZero();
        }
        try (OpenFile file = open("/sys/devices/one/config", OpenFlag.WRITE)) {
            assertThat(errno(() -> file.pwrite(bytes("x"), 0))).isEqualTo(Errno.EIO);
            assertThat(errno(() -> file.pwrite(bytes("x"), 4))).isEqualTo(Errno.EFBIG);
        }
    }

    @Test
    void anOpenAttributeOfAnObjectThatHasGoneIsEnodev() {
        OpenFile file = open("/sys/devices/one/label", OpenFlag.READ);
        device.remove();
        assertThat(errno(() -> text(file))).isEqualTo(Errno.ENODEV);
        assertThat(errno(() -> open("/sys/devices/one/label", OpenFlag.READ))).isEqualTo(Errno.ENOENT);
        file.close();
    }

    @Test
    void linksAndKindsAreAsInLinux() {
        assertThat(t.vfs().readlink(ROOT, "/sys/bus/test/devices/one")).isEqualTo("../../../devices/one");
        assertThat(t.vfs().realpath(ROOT, "/sys/bus/test/devices/one/label")).isEqualTo("/sys/devices/one/label");
        assertThat(t.vfs().stat(ROOT, "/sys/devices/one/label").mode()).isEqualTo(0100644);
        assertThat(t.vfs().stat(ROOT, "/sys/devices/one/label").inode())
                .isEqualTo(t.vfs().stat(ROOT, "/sys/bus/test/devices/one/label").inode());
        assertThat(errno(() -> t.vfs().mkdir(ROOT, "/sys/devices/two", 0755))).isEqualTo(Errno.EPERM);
        assertThat(errno(() -> open("/sys/devices/two", OpenFlag.WRITE, OpenFlag.CREATE)))
                .isEqualTo(Errno.EACCES);
    }

    @Test
    void aWatcherHearsOnceThatItsDirectoryHasGone() {
        List<String> told = new ArrayList<>();
        t.vfs().watchDirectory(ROOT, "/sys/devices/one", new DirectoryListener() {
            @Override
            public void added(String name) {
                told.add("+" + name);
            }

            @Override
            public void removed(String name) {
                told.add("-" + name);
            }

            @Override
            public void directoryRemoved() {
                told.add("gone");
            }
        });
        device.remove();
        t.kernel().objects().directory("bus/test").remove();
        assertThat(told).containsExactly("gone");
    }

    @Test
    void aWatcherThatFailsDoesNotStopWhoChangesTheDirectory() {
        t.vfs().watchDirectory(ROOT, "/sys/devices", new DirectoryListener() {
            @Override
            public void added(String name) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void removed(String name) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void directoryRemoved() {}
        });
        assertThat(t.kernel().objects().directory("devices/two").isRemoved()).isFalse();
        device.remove();
        assertThat(device.isRemoved()).isTrue();
    }
}
