package org.cardcage.qemu.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * The other end of a qtest connection: memory that keeps what is written, and nothing else. A test hangs further effects on commands.
 *
 * <p>Threads: one answers; {@code memory} is guarded by itself.
 */
final class FakeQemu implements AutoCloseable {

    private static final String SIZES = "bwlq";

    final List<String> commands = new CopyOnWriteArrayList<>();
    final CountDownLatch gone = new CountDownLatch(1);
    final Qtest qtest;
    private final SocketChannel peer;
    private final Map<Long, Byte> memory = new HashMap<>();
    private volatile Consumer<String> beforeEach = command -> {};
    private volatile Consumer<String> afterEach = command -> {};
    private volatile boolean silent;

    FakeQemu(InterruptLines lines) {
        this(lines, QemuProcess.PATIENCE);
    }

    FakeQemu(InterruptLines lines, Duration patience) {
        try {
            Path folder = Files.createTempDirectory("fake-qemu");
            Path path = folder.resolve("qtest");
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(path));
                SocketChannel ours = SocketChannel.open(UnixDomainSocketAddress.of(path));
                peer = server.accept();
                qtest = new Qtest(
                        ours, "fake/qtest", patience, listener(lines), why -> new QemuGoneException(why.toString()));
            } finally {
                Files.deleteIfExists(path);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::answer, "fake-qemu");
        thread.setDaemon(true);
        thread.start();
    }

    private QemuListener listener(InterruptLines lines) {
        return new QemuListener() {
            @Override
            public void irq(int line, boolean raised) {
                lines.set(line, raised);
            }

            @Override
            public void gone(IOException reason) {
                gone.countDown();
            }
        };
    }

    /** From now on this is done before each command. */
    void beforeEach(Consumer<String> effect) {
        beforeEach = effect;
    }

    /** From now on this is done after each command, before its answer. */
    void afterEach(Consumer<String> effect) {
        afterEach = effect;
    }

    /** No more answers. */
    void beSilent() {
        silent = true;
    }

    void send(String line) {
        try {
            peer.write(StandardCharsets.US_ASCII.encode(line + "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A write of a device. */
    void poke(long address, int size, long value) {
        synchronized (memory) {
            for (int i = 0; i < size; i++) {
                memory.put(address + i, (byte) (value >>> 8 * i));
            }
        }
    }

    long peek(long address, int size) {
        synchronized (memory) {
            long value = 0;
            for (int i = size - 1; i >= 0; i--) {
                value = value << 8 | memory.getOrDefault(address + i, (byte) 0) & 0xff;
            }
            return value;
        }
    }

    private void answer() {
        try (Scanner lines = new Scanner(Channels.newInputStream(peer), StandardCharsets.US_ASCII)) {
            while (lines.hasNextLine()) {
                String command = lines.nextLine();
                commands.add(command);
                beforeEach.accept(command);
                String answer = answer(command.split(" "));
                afterEach.accept(command);
                if (!silent) {
                    send(answer);
                }
            }
        } catch (UncheckedIOException e) {
            gone.countDown(); // the test has closed it
        }
    }

    private String answer(String... words) {
        String verb = words[0];
        if (verb.equals("read")) {
            byte[] bytes = new byte[(int) number(words[2])];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) peek(number(words[1]) + i, 1);
            }
            return "OK 0x" + HexFormat.of().formatHex(bytes);
        }
        if (verb.equals("write")) {
            byte[] bytes = HexFormat.of().parseHex(words[3].substring(2));
            for (int i = 0; i < bytes.length; i++) {
                poke(number(words[1]) + i, 1, bytes[i]);
            }
            return "OK";
        }
        if (verb.equals("memset")) {
            for (long i = 0; i < number(words[2]); i++) {
                poke(number(words[1]) + i, 1, number(words[3]));
            }
            return "OK";
        }
        int size = 1 << Math.max(0, SIZES.indexOf(verb.charAt(verb.length() - 1)));
        if (verb.startsWith("read")) {
            return String.format("OK 0x%016x", peek(number(words[1]), size));
        }
        if (verb.startsWith("write")) {
            poke(number(words[1]), size, number(words[2]));
            return "OK";
        }
        return verb.startsWith("in") ? "OK 0x00" : verb.startsWith("clock") ? "OK " + words[1] : "OK";
    }

    private static long number(String word) {
        return word.startsWith("0x") ? Long.parseUnsignedLong(word.substring(2), 16) : Long.parseLong(word);
    }

    @Override
    public void close() throws IOException {
        qtest.close();
        peer.close();
    }
}
