package org.cardcage.vfs.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.SystemCalls;
import org.cardcage.vfs.SystemFolders;
import org.cardcage.vfs.internal.hostfs.HostFs;
import org.cardcage.vfs.internal.hostfs.OverlayFs;
import org.cardcage.vfs.internal.procfs.KernelMessages;
import org.cardcage.vfs.internal.procfs.ProcFs;
import org.cardcage.vfs.internal.sysfs.SysFs;
import org.cardcage.vfs.internal.tmpfs.DevTmpFs;
import org.cardcage.vfs.internal.tmpfs.MemoryDevices;
import org.cardcage.vfs.internal.tmpfs.TmpFs;

/**
 * Says what is mounted where, and puts it there.
 *
 * <p>Threads: built and closed by one; the calls may come from any.
 */
public final class FileTree implements AutoCloseable {

    private static final int FOLDER = 0755;
    private static final int OWNER_ONLY = 0400;

    private final Kernel kernel;
    private final MountTable mounts;
    private final FileCalls calls;
    private final MemoryDevices memoryDevices;
    private final DevTmpFs dev;
    private final KernelMessages messages;
    private final List<Runnable> procEntries = new ArrayList<>();
    private int lastDevice = 1;

    public FileTree(Kernel kernel, SystemFolders folders) {
        this.kernel = kernel;
        mounts = new MountTable(new TmpFs(lastDevice, kernel, FOLDER));
        calls = new FileCalls(kernel, mounts);
        memoryDevices = new MemoryDevices(kernel.charDevices());
        dev = new DevTmpFs(nextDevice(), kernel);
        messages = new KernelMessages(kernel);
        boolean complete = false;
        try {
            mount("/dev", dev);
            mount("/proc", new ProcFs(nextDevice(), kernel));
            mount("/sys", new SysFs(nextDevice(), kernel));
            mount("/host", new HostFs(nextDevice(), kernel, hostRoot()));
            folder("/tmp", 01777);
            overlay("/lib/modules/" + folders.release(), folders.state(), "modules", folders.modules());
            overlay("/etc", folders.state(), "etc", Optional.empty());
            overlay("/root", folders.state(), "root", Optional.empty());
            addProcEntries(folders.release());
            complete = true;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    private static Path hostRoot() {
        return Path.of("").toAbsolutePath().getRoot();
    }

    private int nextDevice() {
        return ++lastDevice;
    }

    /** The system calls on this tree. */
    public SystemCalls calls() {
        return calls;
    }

    /**
     * Shows a file system at {@code path}; the directory is made if it is missing.
     *
     * @throws KernelException EBUSY if something is mounted there
     */
    private void mount(String path, SuperBlock fileSystem) {
        folder(path, FOLDER);
        mounts.mount(path, fileSystem);
    }

    private void overlay(String path, Optional<Path> state, String name, Optional<Path> lower) {
        if (state.isPresent()) {
            Path upper = state.get().resolve("overlay").resolve(name);
            mount(
                    path,
                    new OverlayFs(nextDevice(), kernel, upper, lower.stream().toList()));
        } else {
            folder(path, FOLDER);
        }
    }

    /** Makes a directory and those above it. */
    private void folder(String path, int mode) {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            makeOne(path.substring(0, slash), FOLDER);
        }
        makeOne(path, mode);
    }

    private void makeOne(String path, int mode) {
        try {
            calls.mkdir(Credentials.ROOT, path, mode);
        } catch (KernelException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
    }

    private void addProcEntries(String release) {
        procEntries.add(kernel.proc().add("devices", this::describeDevices));
        procEntries.add(kernel.proc().add("kmsg", OWNER_ONLY, messages));
        procEntries.add(kernel.proc().add("mounts", mounts::describe));
        String version = "Cardcage version " + release + " (Java " + Runtime.version() + ")\n";
        procEntries.add(kernel.proc().add("version", () -> version));
    }

    /** As Linux prints it, which has block devices too. */
    private String describeDevices() {
        StringBuilder text = new StringBuilder("Character devices:\n");
        kernel.charDevices().regions().forEach((major, name) -> text.append(String.format("%3d %s\n", major, name)));
        return text.append("\nBlock devices:\n").toString();
    }

    @Override
    public void close() {
        procEntries.forEach(Runnable::run);
        messages.close();
        dev.close();
        memoryDevices.close();
    }
}
