package org.cardcage.vfs.internal.tmpfs;

import java.nio.ByteBuffer;
import java.util.List;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.CharDevice;
import org.cardcage.kernel.device.CharDeviceSpec;
import org.cardcage.kernel.device.CharDevices;
import org.cardcage.kernel.device.NodeOperations;
import org.cardcage.vfs.FileOperations;
import org.cardcage.vfs.IoCall;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.Whence;

/** The devices {@code null}, {@code zero} and {@code full} with the numbers of Linux ({@code drivers/char/mem.c}). */
public final class MemoryDevices implements AutoCloseable {

    private static final int MAJOR = 1;
    private static final long NEVER = Long.MAX_VALUE;
    private static final int NULL_MINOR = 3;
    private static final int ZERO_MINOR = 5;
    private static final int FULL_MINOR = 7;

    /** Swallows everything and is always at its end. */
    private static class Null implements FileOperations {
        @Override
        public int read(IoCall call, ByteBuffer to) {
            return 0;
        }

        @Override
        public int write(IoCall call, ByteBuffer from) {
            int count = from.remaining();
            from.position(from.limit());
            return count;
        }

        @Override
        public long llseek(OpenFile file, long current, long offset, Whence whence) {
            return 0;
        }
    }

    /** Swallows everything and never ends. */
    private static class Zero extends Null {
        private static final byte[] ZEROS = new byte[4096];

        @Override
        public int read(IoCall call, ByteBuffer to) {
            int count = to.remaining();
            while (to.hasRemaining()) {
                to.put(ZEROS, 0, Math.min(ZEROS.length, to.remaining()));
            }
            return count;
        }
    }

    /** Never ends and takes nothing. */
    private static final class Full extends Zero {
        @Override
        public int write(IoCall call, ByteBuffer from) {
            throw new KernelException(Errno.ENOSPC);
        }
    }

    private final CharDevices devices;
    private final List<CharDevice> mine;

    /**
     * Adds the devices.
     *
     * @throws KernelException EBUSY if another file system layer has done so for this kernel
     */
    public MemoryDevices(CharDevices devices) {
        this.devices = devices;
        devices.registerRegion(MAJOR, "mem");
        mine = List.of(
                add(NULL_MINOR, "null", new Null()),
                add(ZERO_MINOR, "zero", new Zero()),
                add(FULL_MINOR, "full", new Full()));
    }

    private CharDevice add(int minor, String name, NodeOperations operations) {
        return devices.add(MAJOR, minor, CharDeviceSpec.of(name, "mem", 0666, operations));
    }

    /** Takes the devices away; files that are still open give ENODEV. */
    @Override
    public void close() {
        mine.forEach(device -> devices.remove(device, NEVER));
        devices.unregisterRegion(MAJOR);
    }
}
