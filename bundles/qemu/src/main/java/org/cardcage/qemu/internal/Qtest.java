package org.cardcage.qemu.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A connection to QEMU's qtest server (docs/devel/testing/qtest.rst of QEMU): lines of text, one answer per command, in order,
 * and lines between them that tell of interrupts.
 *
 * <p>Threads: any. Callers write to the socket themselves, as far as it takes their bytes at once; the connection's own thread
 * writes the rest and reads everything. The channel never blocks, so that an interrupt of a calling thread cannot close it.
 * {@code lock} guards {@code backlog} and keeps the order of {@code pending} that of the bytes sent; it is never held while
 * anything waits.
 */
public final class Qtest implements AutoCloseable {

    /** So many answers may be due before a sender waits for its own. */
    private static final int MANY = 10_000;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final Duration patience;
    private final QemuListener listener;
    private final Function<Throwable, QemuGoneException> obituary;
    private final Thread thread;

    private final Object lock = new Object();
    private final ArrayDeque<ByteBuffer> backlog = new ArrayDeque<>();
    private final Queue<Reply> pending = new ConcurrentLinkedQueue<>();
    private final AtomicInteger due = new AtomicInteger();
    private volatile long lastSign = System.nanoTime();
    private volatile IOException end;
    private volatile boolean closing;
    private volatile QemuGoneException lostPatience;

    /**
     * @param channel connected; owned by this object from now on
     * @param name of the thread
     * @param patience how long QEMU may be silent while an answer is waited for
     * @param obituary makes the reason of the end out of what the connection saw; may wait for the process to end
     */
    Qtest(
            SocketChannel channel,
            String name,
            Duration patience,
            QemuListener listener,
            Function<Throwable, QemuGoneException> obituary)
            throws IOException {
        this.channel = channel;
        this.patience = patience;
        this.listener = listener;
        this.obituary = obituary;
        channel.configureBlocking(false);
        selector = Selector.open();
        key = channel.register(selector, SelectionKey.OP_READ);
        thread = new Thread(null, this::run, name, 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    /** An empty list of commands. */
    public Commands commands() {
        return new Commands(this);
    }

    /** Why no command is accepted any more, or null. */
    public IOException end() {
        return end;
    }

    /** Sends one read of memory space and waits for the answer; as {@link Commands#read}. */
    public long read(long address, int size) throws IOException {
        Commands commands = commands();
        Reply reply = commands.read(address, size);
        commands.send();
        return reply.value();
    }

    /**
     * Sends one write to memory space and does not wait, as a posted write; what comes after it on this connection finds it
     * done. As {@link Commands#write}.
     */
    public void write(long address, int size, long value) {
        Commands commands = commands();
        commands.write(address, size, value);
        commands.send();
    }

    void send(byte[] bytes, List<Reply> replies) {
        Reply last = replies.get(replies.size() - 1);
        synchronized (lock) {
            for (Reply reply : replies) {
                reply.setSent();
            }
            if (end == null) {
                if (due.getAndAdd(replies.size()) == 0) {
                    lastSign = System.nanoTime();
                }
                pending.addAll(replies);
                write(ByteBuffer.wrap(bytes));
            } else {
                replies.forEach(reply -> reply.fail(end));
                return;
            }
        }
        if (due.get() > MANY && Thread.currentThread() != thread) {
            awaitQuietly(last);
        }
    }

    private static void awaitQuietly(Reply reply) {
        try {
            reply.text();
        } catch (IOException e) {
            return; // whoever asks for this reply is told
        }
    }

    private void write(ByteBuffer bytes) {
        try {
            if (backlog.isEmpty()) {
                channel.write(bytes);
            }
            if (bytes.hasRemaining()) {
                backlog.add(bytes);
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                selector.wakeup();
            }
        } catch (IOException e) {
            selector.wakeup(); // the thread will read the end, after the answers that are still there
        }
    }

    private void run() {
        Throwable why = null;
        try {
            LineReader lines = new LineReader(this::take);
            while (true) {
                selector.select();
                if (closing) {
                    break;
                }
                if (lostPatience != null) {
                    throw lostPatience;
                }
                if (key.isWritable()) {
                    writeBacklog();
                }
                if (key.isReadable() && !lines.readFrom(channel)) {
                    throw new QemuGoneException("QEMU has closed the connection");
                }
            }
        } catch (Throwable t) { // whatever it was, those who wait must be told
            why = t;
        }
        finish(why);
    }

    private void writeBacklog() throws IOException {
        synchronized (lock) {
            while (!backlog.isEmpty()) {
                ByteBuffer first = backlog.peek();
                channel.write(first);
                if (first.hasRemaining()) {
                    return;
                }
                backlog.remove();
            }
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    private void take(String line) throws IOException {
        lastSign = System.nanoTime();
        if (line.startsWith("IRQ ")) {
            String[] words = line.split(" ");
            listener.irq(Integer.parseInt(words[2]), words[1].equals("raise"));
            return;
        }
        Reply reply = pending.poll();
        if (reply == null || !(line.startsWith("OK") || line.startsWith("FAIL"))) {
            throw new QemuGoneException("QEMU says '" + line + "', which is not an answer to "
                    + (reply == null ? "anything" : "'" + reply.command() + "'"));
        }
        due.decrementAndGet();
        reply.complete(line);
    }

    private void finish(Throwable why) {
        boolean asked = closing;
        IOException reason = asked ? new QemuGoneException("QEMU was ended, as asked") : obituary.apply(why);
        synchronized (lock) {
            end = reason;
            backlog.clear();
        }
        try (channel) {
            selector.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
        for (Reply reply = pending.poll(); reply != null; reply = pending.poll()) {
            reply.fail(reason);
        }
        if (!asked) {
            listener.gone(reason);
        }
    }

    /** Nanoseconds until QEMU has been silent for too long; 0 or less if it has. */
    long remainingPatience() {
        return patience.toNanos() - (System.nanoTime() - lastSign);
    }

    /** Ends the connection, since nothing has come for too long. Returns at once; the replies are told. */
    void giveUp(String command) {
        if (lostPatience == null) {
            lostPatience = new QemuGoneException(
                    "QEMU has not answered '" + command + "' for " + patience.toSeconds() + " s and was ended");
        }
        selector.wakeup();
    }

    /**
     * Ends the connection; replies that are due fail. Waits until the listener is called no more, unless the listener itself
     * calls this.
     */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
