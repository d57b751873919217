package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.util.List;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.SystemCalls;

/** {@code mknod} for character devices, the only ones there are. */
final class Mknod implements Command {

    private static final int MODE = 0644;
    private static final int NAME = 0;
    private static final int TYPE = 1;
    private static final int MAJOR = 2;
    private static final int MINOR = 3;
    private static final int WORDS = 4;

    private final SystemCalls kernel;

    Mknod(SystemCalls kernel) {
        this.kernel = kernel;
    }

    @Override
    public Help help() {
        return new Help("mknod", "NAME c MAJOR MINOR", "make a node of a character device", "mknod /dev/card c 246 0");
    }

    @Override
    public int run(Invocation call) throws IOException {
        List<String> words = Options.parse(call.arguments(), "").operands();
        if (words.isEmpty()) {
            throw new Options.BadOptionException("missing operand");
        }
        if (words.size() < WORDS) {
            throw new Options.BadOptionException("missing operand after '" + words.get(words.size() - 1) + "'");
        }
        if (words.size() > WORDS) {
            throw new Options.BadOptionException("extra operand '" + words.get(WORDS) + "'");
        }
        if (!words.get(TYPE).matches("[cu]")) {
            throw new Options.BadOptionException("invalid device type '" + words.get(TYPE) + "'");
        }
        try {
            int major = number("major", words.get(MAJOR));
            int minor = number("minor", words.get(MINOR));
            kernel.mknod(call.credentials(), call.path(words.get(NAME)), MODE, major, minor);
            return 0;
        } catch (KernelException e) {
            call.complain(words.get(NAME) + ": " + ErrorText.of(e));
        } catch (NumberFormatException e) {
            call.complain(e.getMessage());
        }
        return 1;
    }

    /** Decimal, hexadecimal with 0x or octal with 0. */
    private static int number(String which, String word) {
        if (!word.matches("0[xX][0-9a-fA-F]{1,7}|0[0-7]{0,9}|[1-9][0-9]{0,8}")) {
            throw new NumberFormatException("invalid " + which + " device number '" + word + "'");
        }
        return Integer.decode(word);
    }
}
