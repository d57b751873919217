package org.cardcage.qemu.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The other end of a connection, played by the test. */
final class FakeServer implements AutoCloseable {

    private final SocketChannel client;
    private final SocketChannel server;
    private final BufferedReader commands;

    FakeServer(Path folder) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(address);
            client = SocketChannel.open(address);
            server = listener.accept();
        }
        commands = new BufferedReader(Channels.newReader(server, StandardCharsets.US_ASCII));
    }

    /** The end for the code under test, which closes it. */
    SocketChannel client() {
        return client;
    }

    /** Waits for the next command; null at the end. */
    String next() {
        try {
            return commands.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void say(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                server.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
