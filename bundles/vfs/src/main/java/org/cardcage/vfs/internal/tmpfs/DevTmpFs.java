package org.cardcage.vfs.internal.tmpfs;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.CharDevice;
import org.cardcage.kernel.device.CharDevices;
import org.cardcage.vfs.Credentials;

/**
 * The nodes of the kernel's character devices (Linux {@code drivers/base/devtmpfs.c}), and the links that their aliases ask
 * for. Users may add and remove names of their own; a node that is gone already, or a name that is taken, does no harm.
 *
 * <p>Threads: any; it hears of devices on the thread that adds or removes them, so that the node is there when that call
 * returns. {@code nodesLock} guards the tables and is held while names are changed, so that links are re-pointed one after
 * the other; nothing foreign is called under it.
 */
public final class DevTmpFs extends TmpFs implements CharDevices.Listener, AutoCloseable {

    private static final Comparator<CharDevice> FIRST =
            Comparator.comparingInt(CharDevice::minor).thenComparingInt(CharDevice::major);

    private final CharDevices devices;
    private final Object nodesLock = new Object();
    private final Map<CharDevice, Optional<TmpInode>> nodes = new HashMap<>();
    private final Map<String, TmpInode> links = new HashMap<>();

    /** A tree that follows the devices from now on. */
    public DevTmpFs(int device, Kernel kernel) {
        super("devtmpfs", device, kernel, 0755);
        devices = kernel.charDevices();
        devices.addListener(this);
    }

    @Override
    public void added(CharDevice device) {
        synchronized (nodesLock) {
            if (!nodes.containsKey(device)) {
                nodes.put(device, node(device));
                device.alias().ifPresent(this::pointAlias);
            }
        }
        boolean goneMeanwhile = devices.find(device.major(), device.minor())
                .filter(device::equals)
                .isEmpty();
        if (goneMeanwhile) {
            removed(device);
        }
    }

    private Optional<TmpInode> node(CharDevice device) {
        try {
            return Optional.of(root().addNode(device.name(), device.mode(), device.major(), device.minor()));
        } catch (KernelException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            kernel().logger("devtmpfs").warn("/dev/{} exists; the device gets no node", device.name());
            return Optional.empty();
        }
    }

    @Override
    public void removed(CharDevice device) {
        synchronized (nodesLock) {
            Optional<TmpInode> node = nodes.remove(device);
            if (node != null) {
                node.ifPresent(inode -> root().unlink(device.name(), inode));
                device.alias().ifPresent(this::pointAlias);
            }
        }
    }

    /** Makes the link lead to the first device with this alias; under {@code nodesLock}. */
    private void pointAlias(String alias) {
        Optional<String> first = nodes.keySet().stream()
                .filter(d -> d.alias().filter(alias::equals).isPresent())
                .min(FIRST)
                .map(CharDevice::name);
        TmpInode old = links.get(alias);
        if (old != null && first.filter(old.readlink()::equals).isPresent()) {
            return;
        }
        if (old != null) {
            root().unlink(alias, links.remove(alias));
        }
        if (first.isPresent() && root().lookup(alias).isEmpty()) {
            root().symlink(alias, first.get(), Credentials.ROOT);
            root().lookup(alias).ifPresent(link -> links.put(alias, (TmpInode) link));
        }
    }

    /** Follows the devices no longer; the names stay. */
    @Override
    public void close() {
        devices.removeListener(this);
    }
}
