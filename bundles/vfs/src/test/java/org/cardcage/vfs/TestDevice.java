package org.cardcage.vfs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.machine.Scheduler;

/**
 * A device that takes a decimal number and gives its factorial back as the EDU driver does, whose reads block until there is
 * something to read.
 */
class TestDevice implements FileOperations {

    static final int FACT = Ioctl.readWrite('e', 1, 4);
    static final int OOPS = Ioctl.none('e', 9);

    final WaitQueue readers;
    final AtomicInteger opens = new AtomicInteger();
    final AtomicInteger releases = new AtomicInteger();
    volatile Thread releasedOn;
    volatile boolean blocking;
    private volatile String answer = "0x010000ed\n";

    TestDevice(Scheduler scheduler) {
        readers = new WaitQueue(scheduler, "an answer");
    }

    void answer(String text) {
        answer = text;
        blocking = false;
        readers.wakeUp();
    }

    @Override
    public void open(OpenFile file) {
        opens.incrementAndGet();
        file.setPrivateData("mine");
    }

    @Override
    public void release(OpenFile file) {
        releasedOn = Thread.currentThread();
        releases.incrementAndGet();
    }

    @Override
    public int read(IoCall call, ByteBuffer to) {
        if (blocking && call.file().isNonBlocking()) {
            throw new KernelException(Errno.EAGAIN);
        }
        readers.await(call.cancel(), () -> !blocking);
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        if (call.position() >= bytes.length) {
            return 0;
        }
        int count = Math.min(to.remaining(), bytes.length - (int) call.position());
        to.put(bytes, (int) call.position(), count);
        return count;
    }

    @Override
    public int write(IoCall call, ByteBuffer from) {
        int count = from.remaining();
        String text = StandardCharsets.UTF_8.decode(from).toString().strip();
        if (text.equals("oops")) {
            throw new IllegalStateException("boom");
        }
        if (!text.matches("[0-9]+")) {
            throw new KernelException(Errno.EINVAL, "not a number: " + text);
        }
        if (text.length() > 9) {
            throw new KernelException(Errno.ERANGE, text);
        }
        answer("120\n");
        return count;
    }

    @Override
    public int ioctl(IoCall call, int command, ByteBuffer in, ByteBuffer out) {
        if (command == OOPS) {
            throw new AssertionError("boom");
        }
        if (command != FACT) {
            return FileOperations.super.ioctl(call, command, in, out);
        }
        int n = in.getInt();
        int factorial = 1;
        for (int i = 2; i <= n; i++) {
            factorial *= i;
        }
        out.putInt(factorial);
        return 0;
    }
}
