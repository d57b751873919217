package org.cardcage.qemu.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.cardcage.machine.AddressRange;

/**
 * What QEMU tells the firmware of a machine about it (docs/specs/fw_cfg.rst of QEMU): a port selects an item, another one gives its
 * bytes. Threads: one.
 */
final class FirmwareConfiguration {

    private static final int SELECTOR = 0x510;
    private static final int DATA = 0x511;
    private static final int CPUS = 0x05;
    private static final int DIRECTORY = 0x19;
    private static final int ENTRY = 64;
    private static final int NAME = 8;
    private static final String MEMORY_MAP = "etc/e820";
    private static final int RANGE = 20;
    private static final int RAM = 1;

    private final Qtest qtest;

    FirmwareConfiguration(Qtest qtest) {
        this.qtest = qtest;
    }

    /** Number of CPUs. */
    int cpus() throws IOException {
        select(CPUS);
        return next(2).order(ByteOrder.LITTLE_ENDIAN).getShort();
    }

    /** The RAM of the machine, from below. */
    List<AddressRange> ram() throws IOException {
        ByteBuffer map = file(MEMORY_MAP).order(ByteOrder.LITTLE_ENDIAN);
        List<AddressRange> ram = new ArrayList<>();
        while (map.remaining() >= RANGE) {
            long start = map.getLong();
            long length = map.getLong();
            if (map.getInt() == RAM) {
                ram.add(new AddressRange(start, length));
            }
        }
        ram.sort(Comparator.comparingLong(AddressRange::start));
        return ram;
    }

    private ByteBuffer file(String name) throws IOException {
        select(DIRECTORY);
        for (int left = next(4).getInt(); left > 0; left--) {
            ByteBuffer entry = next(ENTRY);
            if (name.equals(name(entry))) {
                select(entry.getShort(4));
                return next(entry.getInt(0));
            }
        }
        throw new IOException(
                "QEMU's machine does not tell its firmware " + name + "; take a machine of a PC, pc or q35");
    }

    private static String name(ByteBuffer entry) {
        String padded = new String(entry.array(), NAME, ENTRY - NAME, StandardCharsets.US_ASCII);
        return padded.substring(0, padded.indexOf('\0'));
    }

    private void select(int item) {
        Commands commands = qtest.commands();
        commands.out(SELECTOR, 2, item);
        commands.send();
    }

    private ByteBuffer next(int count) throws IOException {
        Commands commands = qtest.commands();
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replies.add(commands.in(DATA, 1));
        }
        commands.send();
        ByteBuffer bytes = ByteBuffer.allocate(count);
        for (Reply reply : replies) {
            bytes.put((byte) reply.value());
        }
        return bytes.flip();
    }
}
