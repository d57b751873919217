package org.cardcage.shell.internal.lspci;

import java.util.Random;
import org.cardcage.shell.internal.lspci.ConfigGenerator.Place;

/**
 * Makes dumps of machines that could hardly exist, or of ones that could: some functions anywhere, or buses behind bridges as
 * firmware would number them. The same seed gives the same dump.
 */
final class DumpGenerator {

    private static final int MAX_FUNCTIONS = 40;
    private static final int MAX_DEPTH = 6;

    private final Random random;
    private final ConfigGenerator configs;
    private final StringBuilder text = new StringBuilder();
    private String domain = "";
    private int functions;
    private int lastBus;

    DumpGenerator(long seed) {
        random = new Random(seed);
        configs = new ConfigGenerator(random);
    }

    /** A whole dump. */
    String dump() {
        if (random.nextInt(3) == 0) {
            machine();
        } else {
            anything();
        }
        return text.toString();
    }

    private void anything() {
        boolean domains = random.nextInt(4) == 0;
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            domain = domains ? domain() : "";
            int bus = random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(6);
            int type = random.nextInt(24) == 0 ? random.nextInt(128) : random.nextInt(7) / 2 % 3;
            int secondary = bus + (random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(3));
            function(bus, random.nextInt(32), random.nextInt(8), type, secondary, secondary + random.nextInt(3));
        }
    }

    private String domain() {
        return random.nextInt(4) == 0
                ? String.format("%05x:", random.nextInt(0x100000))
                : String.format("%04x:", random.nextInt(3));
    }

    private void machine() {
        int domains = random.nextInt(4) == 0 ? 2 : 1;
        boolean named = domains > 1 || random.nextInt(4) == 0;
        for (int i = 0; i < domains; i++) {
            domain = named ? domain() : "";
            lastBus = random.nextInt(5) == 0 ? random.nextInt(0xe0) : 0;
            bus(0);
        }
    }

    private void bus(int depth) {
        int bus = lastBus;
        int devices = 1 + random.nextInt(depth == 0 ? 6 : 3);
        for (int device = random.nextInt(3); devices > 0 && device < 32 && functions < MAX_FUNCTIONS; devices--) {
            int count = random.nextInt(5) == 0 ? 1 + random.nextInt(8) : 1;
            for (int f = 0; f < count; f++) {
                if (depth < MAX_DEPTH && random.nextInt(3) == 0 && lastBus < 0xf0) {
                    bridge(bus, device, f, depth);
                } else {
                    function(bus, device, f, 0, 0, 0);
                }
            }
            device += 1 + random.nextInt(6);
        }
    }

    /** What is behind a bridge may come before it in the file: the reader sorts. */
    private void bridge(int bus, int device, int number, int depth) {
        int secondary = ++lastBus;
        if (random.nextInt(5) != 0) {
            bus(depth + 1);
        }
        int subordinate = lastBus += random.nextInt(5) == 0 ? random.nextInt(4) : 0;
        if (random.nextInt(20) == 0) {
            secondary = random.nextInt(3) == 0 ? 0 : random.nextInt(256);
            subordinate = random.nextInt(256);
        }
        function(bus, device, number, random.nextInt(6) == 0 ? 2 : 1, secondary, subordinate);
    }

    private void function(int bus, int device, int number, int type, int secondary, int subordinate) {
        functions++;
        text.append(domain).append(String.format("%02x:%02x.%d Some function\n", bus, device, number));
        if (random.nextInt(4) == 0) {
            text.append("\tCapabilities: [40] what lspci -v has said\n");
        }
        byte[] config = configs.config(new Place(bus, secondary, subordinate, type));
        for (int i = 0; i < config.length; i++) {
            text.append(i % 16 == 0 ? String.format("%02x:", i) : "");
            text.append(String.format(" %02x", config[i] & 0xff));
            text.append(i % 16 == 15 || i == config.length - 1 ? "\n" : "");
        }
        text.append('\n');
    }
}
