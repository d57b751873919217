package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.SystemCalls;

/** {@code hexdump -C} of util-linux: all files as one, sixteen bytes a line, lines alike as one {@code *}. */
public final class Hexdump implements Command {

    private static final int LINE = 16;

    private final SystemCalls kernel;

    public Hexdump(SystemCalls kernel) {
        this.kernel = kernel;
    }

    @Override
    public Help help() {
        return new Help(
                "hexdump",
                "-C [-n BYTES] [FILE]...",
                "print bytes in hexadecimal and as characters",
                "hexdump -C /dev/edu0");
    }

    @Override
    public int run(Invocation call) throws IOException {
        Options options = Options.parse(call.arguments(), "Cn:v");
        if (!options.has("C")) {
            throw new Options.BadOptionException("only the canonical form is available: hexdump -C");
        }
        Dump dump = new Dump(call, options.has("v"));
        dump.left = options.value("n").map(Hexdump::count).orElse(Long.MAX_VALUE);
        List<String> words = options.operands().isEmpty() ? List.of("-") : options.operands();
        int failed = 0;
        for (String word : words) {
            boolean opened = false;
            try (InputStream in = FileReader.open(kernel, call, word)) {
                opened = true;
                dump.add(in);
            } catch (KernelException e) {
                if (e.errno() == Errno.EINTR) {
                    throw e;
                }
                call.complain(word + ": " + ErrorText.of(e));
                failed += opened ? 0 : 1; // a failed read changes no status there either
            }
        }
        if (failed == words.size()) {
            call.complain("all input file arguments failed");
            return 1;
        }
        dump.end();
        return failed > 0 ? 1 : 0;
    }

    private static long count(String text) {
        try {
            return Long.decode(text);
        } catch (NumberFormatException e) {
            throw new Options.BadOptionException("failed to parse length: '" + text + "'");
        }
    }

    /** The dump under way; {@code line} has {@code filled} bytes of the line that begins at {@code offset}. */
    private static final class Dump {

        private final Invocation call;
        private final boolean verbose;
        private final byte[] line = new byte[LINE];
        private byte[] previous = new byte[0];
        private int filled;
        private long offset;
        private long left;
        private boolean squeezing;

        Dump(Invocation call, boolean verbose) {
            this.call = call;
            this.verbose = verbose;
        }

        void add(InputStream in) throws IOException {
            while (left > 0) {
                int n = in.read(line, filled, (int) Math.min(LINE - filled, left));
                if (n < 0) {
                    return;
                }
                filled += n;
                left -= n;
                if (filled == LINE) {
                    line();
                }
            }
        }

        private void line() throws IOException {
            if (!verbose && filled == LINE && Arrays.equals(line, previous)) {
                if (!squeezing) {
                    call.println("*");
                }
                squeezing = true;
            } else {
                call.println(format());
                squeezing = false;
                previous = line.clone();
            }
            offset += filled;
            filled = 0;
        }

        private String format() {
            StringBuilder text = new StringBuilder(String.format("%08x ", offset));
            for (int i = 0; i < LINE; i++) {
                text.append(i % 8 == 0 ? " " : "");
                text.append(i < filled ? String.format("%02x ", line[i]) : "   ");
            }
            text.append(" |");
            for (int i = 0; i < filled; i++) {
                text.append(line[i] >= 0x20 && line[i] < 0x7f ? (char) line[i] : '.');
            }
            return text.append('|').toString();
        }

        void end() throws IOException {
            if (filled > 0) {
                line();
            }
            if (offset > 0) {
                call.println(String.format("%08x", offset));
            }
        }
    }
}
