package org.cardcage.vfs.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.CharDevice;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.IoMemory;
import org.cardcage.vfs.FileOperations;
import org.cardcage.vfs.IoCall;
import org.cardcage.vfs.Ioctl;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.PollEvent;
import org.cardcage.vfs.PollTable;
import org.cardcage.vfs.Whence;

/**
 * An open character device (Linux {@code fs/char_dev.c}): each call goes through the gate of the device into the driver.
 *
 * <p>Threads: any. {@code held} says whether the driver owes a release; whoever clears it calls the release: the closing
 * thread while the gate is open, the removing thread once it is shut.
 */
public final class DeviceFile extends OpenDescription implements CharDevice.User {

    private final Kernel kernel;
    private final CharDevice device;
    /** Null once the driver has left, so that a forgotten file does not keep the driver's code. */
    private volatile FileOperations operations;

    private final AtomicBoolean held = new AtomicBoolean();

    private DeviceFile(Kernel kernel, Inode inode, Set<OpenFlag> flags, CharDevice device, FileOperations operations) {
        super(kernel, inode, flags);
        this.kernel = kernel;
        this.device = device;
        this.operations = operations;
    }

    /**
     * Opens the device with these numbers.
     *
     * @param inode the node
     * @throws KernelException ENXIO if there is none; what the driver's open throws, EIO if that is no errno
     */
    public static OpenFile open(Kernel kernel, Inode inode, int major, int minor, Set<OpenFlag> flags) {
        CharDevice device = kernel.charDevices()
                .find(major, minor)
                .orElseThrow(() -> new KernelException(Errno.ENXIO, "no character device " + major + ":" + minor));
        if (!(device.operations() instanceof FileOperations operations)) {
            throw new KernelException(Errno.ENXIO, "/dev/" + device.name() + " has no file operations");
        }
        DeviceFile file = new DeviceFile(kernel, inode, flags, device, operations);
        device.opened(file);
        boolean opened = false;
        try {
            file.openDriver();
            opened = true;
        } finally {
            if (!opened) {
                device.closed(file);
            }
        }
        return file;
    }

    private void openDriver() {
        CancelToken call = new CancelToken();
        try {
            device.gate().enter(call);
        } catch (KernelException e) {
            throw new KernelException(Errno.ENXIO, "/dev/" + device.name() + " is going away", e);
        }
        try {
            operations.open(this);
            held.set(true);
        } catch (KernelException e) {
            throw e;
        } catch (Throwable t) { // a driver's fault is contained
            throw oops("open", t);
        } finally {
            device.gate().leave(call);
        }
    }

    @Override
    void entered(CancelToken call) {
        device.gate().enter(call);
    }

    @Override
    void left(CancelToken call) {
        device.gate().leave(call);
    }

    @Override
    int readAt(CancelToken call, ByteBuffer to, long at) {
        int start = to.position();
        int space = to.remaining();
        try {
            int count = counted(operations.read(new IoCall(this, at, call), to), space);
            to.position(start + count);
            return count;
        } catch (KernelException e) {
            throw e;
        } catch (Throwable t) { // a driver's fault is contained
            throw oops("read", t);
        }
    }

    @Override
    int writeAt(CancelToken call, ByteBuffer from, long at) {
        int start = from.position();
        int bytes = from.remaining();
        try {
            int count = counted(operations.write(new IoCall(this, at, call), from), bytes);
            from.position(start + count);
            return count;
        } catch (KernelException e) {
            throw e;
        } catch (Throwable t) { // a driver's fault is contained
            throw oops("write", t);
        }
    }

    private static int counted(int count, int limit) {
        if (count < 0 || count > limit) {
            throw new IllegalStateException("the driver moved " + count + " of " + limit + " bytes");
        }
        return count;
    }

    @Override
    long seek(long current, long offset, Whence whence) {
        try {
            return operations.llseek(this, current, offset, whence);
        } catch (KernelException e) {
            throw e;
        } catch (Throwable t) { // a driver's fault is contained
            throw oops("llseek", t);
        }
    }

    @Override
    int command(CancelToken call, int command, ByteBuffer in, ByteBuffer out) {
        int size = Ioctl.size(command);
        if (Ioctl.takesRecord(command) && in.remaining() < size) {
            throw tooSmall(command, "in", in.remaining());
        }
        if (Ioctl.returnsRecord(command) && out.remaining() < size) {
            throw tooSmall(command, "out", out.remaining());
        }
        ByteBuffer littleIn = littleEndian(in);
        ByteBuffer littleOut = littleEndian(out);
        try {
            int result = operations.ioctl(new IoCall(this, 0, call), command, littleIn, littleOut);
            in.position(littleIn.position());
            out.position(littleOut.position());
            return result;
        } catch (KernelException e) {
            throw e;
        } catch (Throwable t) { // a driver's fault is contained
            throw oops("ioctl", t);
        }
    }

    private static ByteBuffer littleEndian(ByteBuffer buffer) {
        boolean already = buffer.order() == ByteOrder.LITTLE_ENDIAN;
        return already ? buffer : buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static KernelException tooSmall(int command, String which, int remaining) {
        return new KernelException(
                Errno.EFAULT,
                String.format(
                        "command 0x%08x has a record of %d bytes, \"%s\" has room for %d",
                        command, Ioctl.size(command), which, remaining));
    }

    @Override
    Set<PollEvent> ready(PollTable table) {
        try {
            return operations.poll(this, table);
        } catch (KernelException e) {
            return EnumSet.of(PollEvent.ERR);
        } catch (Throwable t) { // a driver's fault is contained
            oops("poll", t);
            return EnumSet.of(PollEvent.ERR);
        }
    }

    @Override
    IoMemory map(CancelToken call, long offset, long length) {
        try {
            return operations.mmap(new IoCall(this, offset, call), length).window(0, length);
        } catch (KernelException e) {
            throw e;
        } catch (Throwable t) { // a driver's fault is contained
            throw oops("mmap", t);
        }
    }

    @Override
    void synchronise(CancelToken call, boolean dataOnly) {
        guarded("fsync", () -> operations.fsync(new IoCall(this, 0, call), dataOnly));
    }

    @Override
    void async(boolean on) {
        whileThere(call -> guarded("fasync", () -> operations.fasync(this, on)));
    }

    @Override
    void flush() {
        whileThere(call -> guarded("flush", () -> operations.flush(new IoCall(this, 0, call))));
    }

    /** Calls the driver unless the device has gone or is going, since nothing may be called after its removal. */
    private void whileThere(Consumer<CancelToken> code) {
        CancelToken call = new CancelToken();
        try {
            device.gate().enter(call);
        } catch (KernelException e) {
            return;
        }
        try {
            code.accept(call);
        } finally {
            device.gate().leave(call);
        }
    }

    private void guarded(String operation, Runnable code) {
        try {
            code.run();
        } catch (KernelException e) {
            throw e;
        } catch (Throwable t) { // a driver's fault is contained
            throw oops(operation, t);
        }
    }

    @Override
    void resize(long size) {
        throw new KernelException(Errno.EINVAL, "a device has no length");
    }

    @Override
    void released() {
        CancelToken call = new CancelToken();
        try {
            device.gate().enter(call);
        } catch (KernelException e) {
            return; // the device has gone or is going: the removal releases the file and takes it off the list
        }
        try {
            releaseDriver();
        } finally {
            device.gate().leave(call);
        }
        device.closed(this);
    }

    /** Who polls must look again: the device answers ERR and HUP from now on. */
    @Override
    public void deviceLeaving() {
        readinessChanged();
    }

    @Override
    public void deviceGone() {
        releaseDriver();
        readinessChanged();
    }

    private void releaseDriver() {
        if (held.compareAndSet(true, false)) {
            try {
                operations.release(this);
            } catch (KernelException e) {
                kernel.logger("vfs").warn("release of /dev/{} failed: {}", device.name(), e.getMessage());
            } catch (Throwable t) { // a driver's fault is contained
                oops("release", t);
            } finally {
                operations = null;
                setPrivateData(null);
            }
        }
    }

    private KernelException oops(String operation, Throwable fault) {
        KernelModule module = device.module().orElseGet(() -> new KernelModule("vfs"));
        kernel.oops(module, operation + " of /dev/" + device.name(), fault);
        return new KernelException(
                Errno.EIO, operation + " of /dev/" + device.name() + " failed inside the driver", fault);
    }
}
