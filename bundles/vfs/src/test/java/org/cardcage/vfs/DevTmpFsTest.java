package org.cardcage.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardcage.vfs.VfsExtension.NOBODY;
import static org.cardcage.vfs.VfsExtension.ROOT;
import static org.cardcage.vfs.VfsExtension.bytes;
import static org.cardcage.vfs.VfsExtension.errno;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.device.CharDevice;
import org.cardcage.kernel.device.CharDeviceSpec;
import org.cardcage.kernel.device.NodeOperations;
import org.cardcage.machine.Scheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DevTmpFsTest {

    @RegisterExtension
    final VfsExtension t = VfsExtension.stepped();

    private final NodeOperations operations = new FileOperations() {};

    private CharDevice add(int minor, String name, String alias) {
        return t.kernel()
                .charDevices()
                .add(
                        246,
                        minor,
                        new CharDeviceSpec(
                                name,
                                "edu",
                                0600,
                                Optional.ofNullable(alias),
                                Optional.empty(),
                                Optional.empty(),
                                operations));
    }

    private void remove(CharDevice device) {
        assertThat(t.kernel().charDevices().remove(device, Scheduler.NEVER)).isEmpty();
    }

    @Test
    void nodesAppearWithNumbersAndModeAndGoWithTheDevice() {
        CharDevice edu0 = add(0, "edu0", null);
        FileStatus status = t.vfs().stat(ROOT, "/dev/edu0");
        assertThat(status.mode()).isEqualTo(020600);
        assertThat(status.major()).isEqualTo(246);
        assertThat(status.minor()).isZero();
        assertThat(status.size()).isZero();
        assertThat(t.vfs().readdir(ROOT, "/dev"))
                .contains(new DirectoryEntry("edu0", FileType.CHAR_DEVICE, status.inode()));
        remove(edu0);
        assertThat(errno(() -> t.vfs().stat(ROOT, "/dev/edu0"))).isEqualTo(Errno.ENOENT);
    }

    @Test
    void devicesThatWereThereBeforeTheTreeHaveNodesToo() {
        add(0, "edu0", "edu");
        t.remount(Vfs::new);
        assertThat(t.names("/dev")).containsExactly("edu", "edu0", "full", "null", "zero");
    }

    @Test
    void theAliasLeadsToTheLowestMinorPresent() {
        CharDevice edu1 = add(1, "edu1", "edu");
        assertThat(t.vfs().readlink(ROOT, "/dev/edu")).isEqualTo("edu1");
        CharDevice edu0 = add(0, "edu0", "edu");
        assertThat(t.vfs().readlink(ROOT, "/dev/edu")).isEqualTo("edu0");
        CharDevice edu2 = add(2, "edu2", "edu");
        remove(edu0);
        assertThat(t.vfs().readlink(ROOT, "/dev/edu")).isEqualTo("edu1");
        remove(edu2);
        remove(edu1);
        assertThat(t.names("/dev")).containsExactly("full", "null", "zero");
    }

    @Test
    void aNameThatAUserTookIsLeftAlone() {
        t.write("/dev/edu0", "mine");
        t.write("/dev/edu", "mine too");
        CharDevice edu0 = add(0, "edu0", "edu");
        assertThat(t.read("/dev/edu0")).isEqualTo("mine");
        remove(edu0);
        assertThat(t.names("/dev")).contains("edu", "edu0");
        assertThat(t.logLines()).anyMatch(line -> line.contains("/dev/edu0 exists"));
    }

    @Test
    void aNodeRemovedByHandDoesNotStopTheDeviceFromGoing() {
        CharDevice edu0 = add(0, "edu0", "edu");
        t.vfs().unlink(ROOT, "/dev/edu0");
        t.vfs().unlink(ROOT, "/dev/edu");
        t.write("/dev/edu0", "somebody else's");
        remove(edu0);
        assertThat(t.read("/dev/edu0")).isEqualTo("somebody else's");
    }

    @Test
    void nodesMadeByHandOpenWhateverHasTheNumbers() {
        add(0, "edu0", null);
        t.vfs().mknod(ROOT, "/tmp/mine", 0666, 246, 0);
        t.open("/tmp/mine", OpenFlag.READ).close();
        t.vfs().mknod(ROOT, "/dev/edu5", 0666, 246, 5);
        t.vfs().mknod(ROOT, "/dev/foo", 0666, 500, 0);
        assertThat(errno(() -> t.open("/dev/edu5", OpenFlag.READ))).isEqualTo(Errno.ENXIO);
        assertThat(errno(() -> t.open("/dev/foo", OpenFlag.READ))).isEqualTo(Errno.ENXIO);
        assertThat(errno(() -> t.vfs().mknod(ROOT, "/dev/edu0", 0666, 246, 0))).isEqualTo(Errno.EEXIST);
    }

    @Test
    void permissionsOfNodesAreHeeded() {
        add(0, "edu0", null);
        assertThat(errno(() -> t.openAs(NOBODY, "/dev/edu0", OpenFlag.READ))).isEqualTo(Errno.EACCES);
        t.openAs(NOBODY, "/dev/null", OpenFlag.READ, OpenFlag.WRITE).close();
    }

    @Test
    void nullZeroAndFullDoWhatTheirNamesSay() {
        assertThat(t.vfs().stat(ROOT, "/dev/null").mode()).isEqualTo(020666);
        assertThat(t.read("/dev/null")).isEmpty();
        t.write("/dev/null", "gone");
        t.write("/dev/zero", "gone");
        ByteBuffer buffer = ByteBuffer.allocate(5000);
        buffer.put(new byte[] {1, 2, 3}).rewind();
        try (OpenFile zero = t.open("/dev/zero", OpenFlag.READ);
                OpenFile full = t.open("/dev/full", OpenFlag.READ, OpenFlag.WRITE)) {
            assertThat(zero.read(buffer)).isEqualTo(5000);
            assertThat(buffer.array()).containsOnly(0);
            assertThat(full.read(buffer.rewind())).isEqualTo(5000);
            assertThat(errno(() -> full.write(bytes("x")))).isEqualTo(Errno.ENOSPC);
        }
    }

    @Test
    void aClosedTreeTakesItsDevicesAlong() {
        OpenFile zero = t.open("/dev/zero", OpenFlag.READ);
        t.vfs().close();
        assertThat(errno(() -> zero.read(ByteBuffer.allocate(1)))).isEqualTo(Errno.ENODEV);
        zero.close();
        assertThat(t.kernel().charDevices().devices()).isEmpty();
        assertThat(t.kernel().charDevices().regions()).isEmpty();
        t.remount(Vfs::new);
    }
}
