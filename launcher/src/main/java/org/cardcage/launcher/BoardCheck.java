package org.cardcage.launcher;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.feature.FeatureConfiguration;

/**
 * What can be wrong with a board though each configuration in it is right for itself: slots that do not exist or are wanted
 * twice. Besides it reads the texts that say more than a metatype can: places, bridges, rows of configuration space, masks.
 */
final class BoardCheck {
    private static final String BOARD = "org.cardcage.board";
    private static final String QEMU = "org.cardcage.qemu";
    private static final String EDU = "org.cardcage.edu.device";
    private static final String TEST = "org.cardcage.test.device";
    private static final String PASSIVE = "org.cardcage.passive.device";
    private static final Pattern PLACE =
            Pattern.compile("(?:(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):)?([01]?[0-9a-f])(?:\\.([0-7]))?");
    private static final Pattern STEP = Pattern.compile("([01]?[0-9a-f])(?:\\.([0-7]))?");
    private static final Pattern ROOT = Pattern.compile(
            "(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2})((?:\\s+(?:mem|port)\\s+[0-9a-f]{1,16}-[0-9a-f]{1,16})*)");
    private static final Pattern SIZE = Pattern.compile("\\s*(?:[0-5]|rom)\\s*=\\s*([0-9]{1,18})[KMGT]?\\s*");
    private static final Pattern NUMBER = Pattern.compile("0x[0-9a-f]+|-?[0-9]+");
    private static final Pattern PHYSICAL_SLOT = Pattern.compile("([^=]+)=[0-9]{1,9}");
    private static final Pattern WINDOW = Pattern.compile("(mem|port)\\s+([0-9a-f]+)-([0-9a-f]+)");
    private static final long LAST_PORT = 0xffff;
    private static final Set<String> BRIDGES = Set.of(
            "pci-bridge", "pcie-root-port", "x3130-upstream", "xio3130-downstream", "pcie-pci-bridge", "isa-bridge");
    private static final Set<String> PORTS = Set.of("pcie-root-port", "xio3130-downstream");

    private final List<String> complaints = new ArrayList<>();
    private final Set<String> roots = new HashSet<>(Set.of("0000:00"));

    /** Who is in a place. */
    private final Map<String, String> taken = new HashMap<>();

    /** Bridges with a link below them. */
    private final Set<String> ports = new HashSet<>();

    /** Places of what is known to be no bridge. */
    private final Set<String> ends = new HashSet<>();

    private BoardCheck() {}

    /** What is wrong, a line each that names configuration and key. */
    static List<String> complaints(Collection<FeatureConfiguration> configurations) {
        BoardCheck check = new BoardCheck();
        if (configurations.stream().anyMatch(c -> c.getPid().equals(QEMU))) {
            configurations.forEach(check::besideQemu);
            return check.complaints;
        }
        configurations.stream()
                .filter(c -> c.getPid().equals(BOARD))
                .findAny()
                .ifPresentOrElse(
                        check::board,
                        () -> check.complaints.add(BOARD + " is missing; it stands for the board itself, and \"" + BOARD
                                + "\": {} will do"));
        Map<String, FeatureConfiguration> cards = new LinkedHashMap<>();
        for (FeatureConfiguration configuration : configurations) {
            check.card(configuration, cards);
        }
        cards.forEach(check::above);
        return check.complaints;
    }

    /** Both would have the same addresses. */
    private void besideQemu(FeatureConfiguration other) {
        if (other.getPid().equals(BOARD)) {
            complaints.add(BOARD + ": there is " + QEMU + ", which is a machine of its own; leave one of them out");
        } else if (other.getValues().containsKey("slot")) {
            complain(other, "slot", "is of no use with " + QEMU + ": QEMU's cards are made by its arguments");
        }
    }

    private void board(FeatureConfiguration board) {
        for (String text : texts(board, "root_buses")) {
            Matcher m = ROOT.matcher(text.strip().toLowerCase(Locale.ROOT));
            if (m.matches()) {
                roots.add(bus(m));
                windows(board, text, m.group(3));
            } else {
                complain(board, "root_buses", "\"" + text + "\" is no root bus, which is domain:bus as in 0:80");
            }
        }
        if (board.getValues().getOrDefault("chipset", "440fx").equals("440fx")) {
            taken.put("0000:00/00.0", "the chipset");
            taken.put("0000:00/01.0", "the chipset");
            ends.addAll(taken.keySet());
        }
        for (String text : texts(board, "physical_slots")) {
            Matcher m = PHYSICAL_SLOT.matcher(text);
            if (!m.matches() || place(m.group(1).strip().toLowerCase(Locale.ROOT)) == null) {
                complain(board, "physical_slots", "\"" + text + "\" is not PLACE=NUMBER, as in 00:04.0=4");
            }
        }
        for (String text : texts(board, "bridges")) {
            int split = text.indexOf('=');
            if (split < 0 || !BRIDGES.contains(text.substring(split + 1).strip())) {
                complain(
                        board,
                        "bridges",
                        "\"" + text + "\" is not PLACE=KIND with one of these kinds: "
                                + String.join(", ", BRIDGES.stream().sorted().toList()));
                continue;
            }
            String place = take(board, "bridges", text.substring(0, split));
            if (place != null) {
                above(place, board, "bridges");
                String kind = text.substring(split + 1).strip();
                if (PORTS.contains(kind)) {
                    ports.add(place);
                } else if (kind.equals("isa-bridge")) {
                    ends.add(place);
                }
            }
        }
    }

    private void windows(FeatureConfiguration board, String text, String windows) {
        for (Matcher m = WINDOW.matcher(windows); m.find(); ) {
            long first = Long.parseUnsignedLong(m.group(2), 16);
            long last = Long.parseUnsignedLong(m.group(3), 16);
            if (Long.compareUnsigned(first, last) > 0) {
                complain(board, "root_buses", "\"" + text + "\": " + m.group() + " ends before it begins");
            } else if (m.group(1).equals("port") && Long.compareUnsigned(last, LAST_PORT) > 0) {
                complain(board, "root_buses", "\"" + text + "\": " + m.group() + " goes beyond port ffff");
            }
        }
    }

    private void card(FeatureConfiguration card, Map<String, FeatureConfiguration> cards) {
        String place = card.getValues().get("slot") instanceof String slot ? take(card, "slot", slot) : null;
        if (place != null) {
            cards.put(place, card);
        }
        switch (card.getFactoryPid().orElse("")) {
            case EDU -> {
                edu(card);
                ends.add(place);
            }
            case TEST -> ends.add(place);
            case PASSIVE -> passive(card, place);
            default -> {
                return; // the metatype says all
            }
        }
    }

    private void edu(FeatureConfiguration card) {
        for (String mask : texts(card, "dma_mask")) {
            if (!isNumber(mask.strip().toLowerCase(Locale.ROOT))) {
                complain(
                        card,
                        "dma_mask",
                        "\"" + mask
                                + "\" is not a number of 64 bits, decimal or hexadecimal with 0x, as in \"0x0fffffff\"");
            }
        }
    }

    private static boolean isNumber(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return false;
        }
        boolean hexadecimal = text.startsWith("0x");
        BigInteger number = hexadecimal ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
        return number.signum() < 0 ? number.bitLength() < Long.SIZE : number.bitLength() <= Long.SIZE;
    }

    private void passive(FeatureConfiguration card, String place) {
        DumpedFunction function = new DumpedFunction(0, 0, 0, 0, 0);
        for (String row : texts(card, "config")) {
            HexRow read = HexRow.parse(row.strip());
            if (read == null) {
                complain(card, "config", "\"" + row + "\" is no row of configuration space, as in \"10: 00 ff\"");
            } else if (read.end() > DumpedFunction.EXTENDED) {
                complain(card, "config", "\"" + row + "\" goes beyond the 4096 bytes of configuration space");
            } else {
                for (int i = 0; i < read.bytes().length; i++) {
                    function.put(read.offset() + i, read.bytes()[i]);
                }
            }
        }
        if (function.isPort()) {
            ports.add(place);
        } else if (!function.isBridge()) {
            ends.add(place);
        }
        for (String size : texts(card, "bars")) {
            Matcher m = SIZE.matcher(size);
            if (!m.matches()) {
                complain(card, "bars", "\"" + size + "\" is not BAR=SIZE, as in \"0=128K\" or \"rom=64K\"");
            } else if (Long.bitCount(Long.parseLong(m.group(1))) != 1) {
                complain(card, "bars", "\"" + size + "\" is no power of two");
            }
        }
    }

    /** Notes who is in a place; the place in full, or null if there is no such place or it is taken. */
    private String take(FeatureConfiguration who, String key, String text) {
        String place = place(text.strip().toLowerCase(Locale.ROOT));
        if (place == null) {
            complain(
                    who,
                    key,
                    "\"" + text
                            + "\" is no place; it must be [[domain:]bus:]device[.function] and /device[.function] for each bridge on"
                            + " the way, hexadecimal, with a device up to 1f and a function up to 7, as in 00:1c.0/00.0");
            return null;
        }
        String other = taken.putIfAbsent(place, who.getPid());
        if (other != null) {
            complain(who, key, "\"" + text + "\" is taken by " + other);
            return null;
        }
        return place;
    }

    private static String place(String text) {
        String[] steps = text.split("/", -1);
        Matcher m = PLACE.matcher(steps[0]);
        if (!m.matches()) {
            return null;
        }
        StringBuilder place = new StringBuilder(bus(m)).append('/').append(step(m.group(3), m.group(4)));
        for (int i = 1; i < steps.length; i++) {
            m = STEP.matcher(steps[i]);
            if (!m.matches()) {
                return null;
            }
            place.append('/').append(step(m.group(1), m.group(2)));
        }
        return place.toString();
    }

    private static String bus(Matcher m) {
        return hex(m.group(1), 4) + ":" + hex(m.group(2), 2);
    }

    private static String step(String device, String function) {
        return hex(device, 2) + "." + hex(function, 1);
    }

    /** Without a formatter, which would cost a hundredth of a start. */
    private static String hex(String digits, int width) {
        String text = Integer.toHexString(number(digits));
        return "0".repeat(Math.max(0, width - text.length())) + text;
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseUnsignedInt(digits, 16);
    }

    private void above(String place, FeatureConfiguration card) {
        above(place, card, "slot");
    }

    private void above(String place, FeatureConfiguration who, String key) {
        String bridge = place.substring(0, place.lastIndexOf('/'));
        boolean root = bridge.indexOf('/') < 0;
        if (root && !roots.contains(bridge)) {
            complain(
                    who,
                    key,
                    "there is no root bus " + bridge + "; there is "
                            + String.join(", ", roots.stream().sorted().toList()));
        } else if (!root && !taken.containsKey(bridge)) {
            complain(who, key, "nothing sits at " + colon(bridge) + ", where a bridge must be");
        } else if (!root && ends.contains(bridge)) {
            complain(who, key, "what sits at " + colon(bridge) + " is no bridge");
        } else if (ports.contains(bridge) && !place.startsWith("00.", bridge.length() + 1)) {
            complain(who, key, "the link of the port at " + colon(bridge) + " leads to device 0 only");
        }
    }

    private static String colon(String place) {
        return place.replaceFirst("/", ":");
    }

    private static List<String> texts(FeatureConfiguration configuration, String key) {
        Object value = configuration.getValues().get(key);
        if (value instanceof String[] several) {
            return List.of(several);
        }
        return value instanceof String one ? List.of(one) : List.of();
    }

    private void complain(FeatureConfiguration who, String key, String what) {
        complaints.add(who.getPid() + ": " + key + " " + what);
    }
}
