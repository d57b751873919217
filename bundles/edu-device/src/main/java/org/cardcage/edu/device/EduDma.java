package org.cardcage.edu.device;

import java.nio.ByteBuffer;
import org.cardcage.device.DeviceClock;
import org.cardcage.device.FunctionPorts;

/**
 * The DMA unit: one transfer at a time between the bus and a buffer of 4096 bytes at device address 0x40000, which
 * software cannot see otherwise. A transfer happens as a whole at its deadline.
 *
 * <p>Threads: any. {@code lock} guards the registers; the buffer belongs to the one thread that does a transfer, which the
 * run bit keeps single. No port is called while the lock is held.
 */
final class EduDma {

    static final int RUN = 1;
    static final int TO_RAM = 1 << 1;
    static final int INTERRUPT_ENABLE = 1 << 2;
    static final int INTERRUPT = 0x100;

    static final long BUFFER = 0x4_0000;
    static final int BUFFER_SIZE = 4096;

    private static final long MILLISECOND = 1_000_000;

    private final Object lock = new Object();
    private final EduInterrupts interrupts;
    private final EduOptions options;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_SIZE);

    private volatile long source;
    private volatile long destination;
    private volatile long count;
    private volatile long command;
    private boolean clampReported;
    private volatile long rejected;
    private DeviceClock.Alarm alarm;
    private volatile FunctionPorts ports;

    EduDma(EduInterrupts interrupts, EduOptions options) {
        this.interrupts = interrupts;
        this.options = options;
    }

    void powerOn(FunctionPorts p) {
        ports = p;
    }

    void powerOff() {
        DeviceClock.Alarm armed;
        synchronized (lock) {
            armed = alarm;
            alarm = null;
        }
        if (armed != null) {
            armed.cancel();
        }
    }

    long source() {
        return source;
    }

    long destination() {
        return destination;
    }

    long count() {
        return count;
    }

    long command() {
        return command;
    }

    /** Transfers that were dropped since the device side left the buffer. */
    long rejected() {
        return rejected;
    }

    /** The buffer as it is while no transfer runs. */
    ByteBuffer buffer() {
        return buffer.asReadOnlyBuffer();
    }

    void setSource(long value) {
        synchronized (lock) {
            source = idle() ? value : source;
        }
    }

    void setDestination(long value) {
        synchronized (lock) {
            destination = idle() ? value : destination;
        }
    }

    void setCount(long value) {
        synchronized (lock) {
            count = idle() ? value : count;
        }
    }

    private boolean idle() {
        return (command & RUN) == 0;
    }

    /** Starts a transfer if the run bit is set and none is running; else does nothing. */
    void setCommand(long value) {
        synchronized (lock) {
            if (!idle() || (value & RUN) == 0) {
                return;
            }
            command = value;
        }
        DeviceClock clock = ports.clock();
        long now = clock.nanoTime();
        long start = now - now % MILLISECOND;
        long deadline = start + Math.min(options.dmaDelay(), Long.MAX_VALUE - start);
        if (deadline <= now) {
            complete(); // who polls for the end would only wait for another thread to get going
            return;
        }
        // the clock's thread is for short work only
        DeviceClock.Alarm armed =
                clock.schedule(deadline, () -> ports.executor().execute(this::complete));
        synchronized (lock) {
            alarm = armed;
        }
    }

    private void complete() {
        transfer((command & TO_RAM) != 0);
        long finished;
        synchronized (lock) {
            finished = command;
            command = finished & ~RUN;
            alarm = null;
        }
        if ((finished & INTERRUPT_ENABLE) != 0) {
            interrupts.raise(INTERRUPT);
        }
    }

    private void transfer(boolean toRam) {
        long device = toRam ? source : destination;
        long bus = toRam ? destination : source;
        long offset = device - BUFFER;
        if (offset < 0 || offset > BUFFER_SIZE || Long.compareUnsigned(count, BUFFER_SIZE - offset) > 0) {
            rejected++;
            ports.report(String.format(
                    "DMA dropped: device address 0x%x, bus address 0x%x, 0x%x bytes; the buffer is 0x%x-0x%x",
                    device, bus, count, BUFFER, BUFFER + BUFFER_SIZE - 1));
            return;
        }
        long driven = bus & options.dmaMask();
        if (driven != bus && !clampReported) {
            clampReported = true;
            ports.report(String.format(
                    "DMA bus address 0x%x does not fit into the mask 0x%x and becomes 0x%x; said once",
                    bus, options.dmaMask(), driven));
        }
        ByteBuffer bytes = buffer.slice((int) offset, (int) count);
        boolean answered =
                toRam ? ports.dma().write(driven, bytes) : ports.dma().read(driven, bytes);
        if (!answered) {
            ports.report(String.format(
                    "DMA at bus address 0x%x, device address 0x%x, 0x%x bytes: not all was answered; is bus mastering on?",
                    driven, device, count));
        }
    }
}
