package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.SystemCalls;

/** {@code sort}: lines by their bytes, as in the locale C, or by the number they begin with. */
public final class Sort implements Command {

    private static final int TROUBLE = 2;
    private static final Pattern NUMBER = Pattern.compile("\\s*(-?(\\d+(\\.\\d*)?|\\.\\d+))");

    private final SystemCalls kernel;

    public Sort(SystemCalls kernel) {
        this.kernel = kernel;
    }

    @Override
    public Help help() {
        return new Help(
                "sort",
                "[-nru] [FILE]...",
                "sort lines, -n by number, -r backwards, -u equal ones once",
                "lsmod | sort");
    }

    @Override
    public int usageStatus() {
        return TROUBLE;
    }

    @Override
    public int run(Invocation call) throws IOException {
        Options options = Options.parse(call.arguments(), "nru");
        List<byte[]> lines = new ArrayList<>();
        for (String word : options.operands().isEmpty() ? List.of("-") : options.operands()) {
            try (InputStream in = FileReader.open(kernel, call, word)) {
                read(in, lines);
            } catch (KernelException e) {
                if (e.errno() == Errno.EINTR) {
                    throw e;
                }
                call.complain("cannot read: " + word + ": " + ErrorText.of(e));
                return TROUBLE;
            }
        }
        Comparator<byte[]> order = options.has("n") ? Comparator.comparing(Sort::number) : Arrays::compareUnsigned;
        if (options.has("u")) {
            TreeSet<byte[]> once = new TreeSet<>(order);
            once.addAll(lines);
            lines = new ArrayList<>(once);
        } else {
            lines.sort(order.thenComparing(Arrays::compareUnsigned));
        }
        if (options.has("r")) {
            Collections.reverse(lines);
        }
        for (byte[] line : lines) {
            call.out().write(line);
            call.out().write('\n');
        }
        return 0;
    }

    private static void read(InputStream in, List<byte[]> lines) throws IOException {
        ByteLines source = new ByteLines(in);
        for (byte[] line = source.next(); line != null; line = source.next()) {
            boolean ended = line[line.length - 1] == '\n';
            lines.add(ended ? Arrays.copyOf(line, line.length - 1) : line);
        }
    }

    /** What a line begins with; 0 if that is no number. */
    private static BigDecimal number(byte[] line) {
        Matcher m = NUMBER.matcher(new String(line, StandardCharsets.ISO_8859_1));
        return m.lookingAt() ? new BigDecimal(m.group(1)) : BigDecimal.ZERO;
    }
}
