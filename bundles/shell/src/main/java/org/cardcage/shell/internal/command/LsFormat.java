package org.cardcage.shell.internal.command;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;

/**
 * The layout of {@code ls}.
 *
 * <p>Threads: immutable.
 */
final class LsFormat {

    /** Half of a mean Gregorian year; older files show the year instead of the time, as do those from the future. */
    private static final Duration RECENT = Duration.ofSeconds(31556952 / 2);

    private static final DateTimeFormatter WITH_TIME = DateTimeFormatter.ofPattern("MMM ppd HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter WITH_YEAR = DateTimeFormatter.ofPattern("MMM ppd  yyyy", Locale.ENGLISH);
    private static final long PAGE = 4096;
    private static final long PAGE_BLOCKS = 4;
    private static final int GAP = 2;

    /**
     * A line.
     *
     * @param name as printed
     * @param path absolute
     * @param target of a symbolic link, else empty
     */
    record Entry(String name, String path, FileStatus status, String target) {}

    private final boolean inodes;
    private final Clock clock;
    private final int width;

    /**
     * @param inodes whether inode numbers are shown
     * @param clock tells which times are recent, and their zone
     * @param width of the terminal in columns, or 0 for one name a line
     */
    LsFormat(boolean inodes, Clock clock, int width) {
        this.inodes = inodes;
        this.clock = clock;
        this.width = width;
    }

    /** Blocks of 1 KiB that the files take; those of /proc and /sys take none, whatever size they say. */
    long blocks(List<Entry> entries) {
        long sum = 0;
        for (Entry e : entries) {
            boolean stored = !e.path().startsWith("/proc/") && !e.path().startsWith("/sys/");
            if (stored && e.status().type() == FileType.REGULAR) {
                sum += (e.status().size() + PAGE - 1) / PAGE * PAGE_BLOCKS;
            }
        }
        return sum;
    }

    /** The long format. */
    String details(List<Entry> entries) {
        int inode = inodes ? widest(entries, e -> Long.toString(e.status().inode())) : 0;
        int links = widest(entries, e -> Integer.toString(e.status().links()));
        int owner = widest(entries, e -> user(e.status().uid()));
        int group = widest(entries, e -> user(e.status().gid()));
        int major =
                widest(entries, e -> isDevice(e) ? Integer.toString(e.status().major()) : "");
        int minor =
                widest(entries, e -> isDevice(e) ? Integer.toString(e.status().minor()) : "");
        int size =
                widest(entries, e -> isDevice(e) ? "" : Long.toString(e.status().size()));
        size = Math.max(size, major == 0 ? 0 : major + 2 + minor);
        StringBuilder text = new StringBuilder();
        for (Entry e : entries) {
            FileStatus s = e.status();
            text.append(inodes ? right(Long.toString(s.inode()), inode) + " " : "");
            text.append(mode(s)).append(' ');
            text.append(right(Integer.toString(s.links()), links)).append(' ');
            text.append(left(user(s.uid()), owner)).append(' ');
            text.append(left(user(s.gid()), group)).append(' ');
            String numbers = isDevice(e)
                    ? s.major() + ", " + right(Integer.toString(s.minor()), minor)
                    : Long.toString(s.size());
            text.append(right(numbers, size)).append(' ');
            text.append(time(s.modified())).append(' ');
            text.append(e.name());
            text.append(s.type() == FileType.SYMLINK ? " -> " + e.target() : "").append('\n');
        }
        return text.toString();
    }

    private static boolean isDevice(Entry e) {
        return e.status().type() == FileType.CHAR_DEVICE;
    }

    /** There is no user database yet: root is known, others are numbers. */
    private static String user(int id) {
        return id == 0 ? "root" : Integer.toUnsignedString(id);
    }

    /** As in {@code drwxr-xr-t}. */
    static String mode(FileStatus s) {
        int bits = s.permissions();
        StringBuilder text = new StringBuilder().append(s.type().letter());
        for (int shift = 6; shift >= 0; shift -= 3) {
            int three = bits >> shift & 7;
            text.append((three & 4) != 0 ? 'r' : '-').append((three & 2) != 0 ? 'w' : '-');
            boolean execute = (three & 1) != 0;
            boolean special = (bits & 01000 << shift / 3) != 0;
            char letter = shift == 0 ? 't' : 's';
            text.append(special ? (execute ? letter : Character.toUpperCase(letter)) : execute ? 'x' : '-');
        }
        return text.toString();
    }

    private String time(Instant modified) {
        Instant now = clock.instant();
        boolean recent = modified.isAfter(now.minus(RECENT)) && !modified.isAfter(now);
        return (recent ? WITH_TIME : WITH_YEAR).format(modified.atZone(clock.getZone()));
    }

    /** Names only: in columns on a terminal, else one a line. */
    String names(List<Entry> entries) {
        int inode = inodes ? widest(entries, e -> Long.toString(e.status().inode())) : 0;
        List<String> cells = entries.stream()
                .map(e -> (inodes ? right(Long.toString(e.status().inode()), inode) + " " : "") + e.name())
                .toList();
        if (cells.isEmpty()) {
            return "";
        }
        return width == 0 ? String.join("\n", cells) + "\n" : columns(cells);
    }

    private String columns(List<String> cells) {
        int rows = 1;
        while (rows < cells.size() && lineWidth(cells, rows) > width) {
            rows++;
        }
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < rows; row++) {
            for (int i = row; i < cells.size(); i += rows) {
                boolean last = i + rows >= cells.size();
                text.append(last ? cells.get(i) : left(cells.get(i), columnWidth(cells, rows, i / rows) + GAP));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static int lineWidth(List<String> cells, int rows) {
        int columns = (cells.size() + rows - 1) / rows;
        int sum = (columns - 1) * GAP;
        for (int column = 0; column < columns; column++) {
            sum += columnWidth(cells, rows, column);
        }
        return sum;
    }

    private static int columnWidth(List<String> cells, int rows, int column) {
        return cells.stream()
                .skip((long) column * rows)
                .limit(rows)
                .mapToInt(String::length)
                .max()
                .orElse(0);
    }

    private static int widest(List<Entry> entries, Function<Entry, String> column) {
        return entries.stream().map(column).mapToInt(String::length).max().orElse(0);
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
