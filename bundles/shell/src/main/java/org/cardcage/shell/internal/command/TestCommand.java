package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.SystemCalls;

/** {@code test}, as POSIX has it, with {@code -a} and {@code -o}: status 0 for true, 1 for false, 2 for what makes no sense. */
final class TestCommand implements Command {

    private static final int TROUBLE = 2;
    private static final int READ = 4;
    private static final int WRITE = 2;
    private static final int EXECUTE = 1;

    private static final Map<String, Predicate<FileStatus>> KINDS = Map.of(
            "-e", file -> true,
            "-f", file -> file.type() == FileType.REGULAR,
            "-d", FileStatus::isDirectory,
            "-c", file -> file.type() == FileType.CHAR_DEVICE,
            "-s", file -> file.size() > 0);

    private static final Map<String, Integer> ACCESS = Map.of("-r", READ, "-w", WRITE, "-x", EXECUTE);

    private static final Map<String, IntPredicate> NUMBERS = Map.of(
            "-eq", order -> order == 0,
            "-ne", order -> order != 0,
            "-lt", order -> order < 0,
            "-le", order -> order <= 0,
            "-gt", order -> order > 0,
            "-ge", order -> order >= 0);

    private static final Set<String> LINK = Set.of("-L", "-h");
    private static final Set<String> TEXT = Set.of("-n", "-z");
    private static final Set<String> EQUAL = Set.of("=", "==");

    private final SystemCalls kernel;

    TestCommand(SystemCalls kernel) {
        this.kernel = kernel;
    }

    @Override
    public Help help() {
        return new Help(
                "test",
                "EXPRESSION",
                "tell by its status whether something holds\n"
                        + "of a FILE: -e -f -d -c -L -r -w -x -s; of a WORD: -n -z\n"
                        + "of words: = !=; of numbers: -eq -ne -lt -le -gt -ge; between tests: ! -a -o",
                "test -c /dev/edu0 && echo 5 > /dev/edu0\ntest $? -eq 0 || echo failed");
    }

    @Override
    public int usageStatus() {
        return TROUBLE;
    }

    @Override
    public int run(Invocation call) throws IOException {
        if (call.arguments().equals(List.of("--help"))) {
            throw new Options.HelpWantedException("test");
        }
        List<String> words = new ArrayList<>(call.arguments());
        if (words.size() == 4 && words.get(1).equals("=") && words.get(2).equals("=")) {
            words.remove(1); // Gogo has taken == apart
        }
        try {
            return new Expression(call, words).value() ? 0 : 1;
        } catch (NonsenseException e) {
            call.complain(e.getMessage());
            return TROUBLE;
        }
    }

    private static final class NonsenseException extends RuntimeException {

        private static final long serialVersionUID = 1;

        NonsenseException(String message) {
            super(message);
        }
    }

    /** The words of a call, taken one after the other. */
    private final class Expression {

        private final Invocation call;
        private final List<String> words;
        private int next;

        Expression(Invocation call, List<String> words) {
            this.call = call;
            this.words = words;
        }

        boolean value() {
            if (words.isEmpty()) {
                return false;
            }
            boolean value = either();
            if (next < words.size()) {
                throw new NonsenseException("unexpected word '" + words.get(next) + "'");
            }
            return value;
        }

        private boolean either() {
            boolean value = both();
            while (left() > 0 && peek(0).equals("-o")) {
                next++;
                value |= both();
            }
            return value;
        }

        private boolean both() {
            boolean value = one();
            while (left() > 0 && peek(0).equals("-a")) {
                next++;
                value &= one();
            }
            return value;
        }

        private boolean one() {
            if (left() == 0) {
                throw new NonsenseException("argument expected");
            }
            if (left() >= 3 && isComparison(peek(1))) {
                next += 3;
                return compare(words.get(next - 3), words.get(next - 2), words.get(next - 1));
            }
            if (left() >= 2 && peek(0).equals("!")) {
                next++;
                return !one();
            }
            if (left() >= 2 && isQuestion(peek(0))) {
                next += 2;
                return ask(words.get(next - 2), words.get(next - 1));
            }
            String word = words.get(next++);
            if (word.matches("-[a-z]+") && left() > 0) {
                throw new NonsenseException(word + ": unary operator expected");
            }
            return !word.isEmpty();
        }

        private int left() {
            return words.size() - next;
        }

        private String peek(int ahead) {
            return words.get(next + ahead);
        }

        private boolean ask(String question, String word) {
            if (TEXT.contains(question)) {
                return word.isEmpty() == question.equals("-z");
            }
            if (word.isEmpty()) {
                return false;
            }
            String path = call.path(word);
            try {
                if (LINK.contains(question)) {
                    return kernel.lstat(call.credentials(), path).type() == FileType.SYMLINK;
                }
                Integer mask = ACCESS.get(question);
                if (mask != null) {
                    kernel.access(call.credentials(), path, mask);
                    return true;
                }
                return KINDS.get(question).test(kernel.stat(call.credentials(), path));
            } catch (KernelException no) {
                return false;
            }
        }

        private boolean compare(String left, String operator, String right) {
            IntPredicate wanted = NUMBERS.get(operator);
            return wanted == null
                    ? left.equals(right) == EQUAL.contains(operator)
                    : wanted.test(number(left).compareTo(number(right)));
        }
    }

    private static boolean isComparison(String word) {
        return EQUAL.contains(word) || word.equals("!=") || NUMBERS.containsKey(word);
    }

    private static boolean isQuestion(String word) {
        return TEXT.contains(word) || LINK.contains(word) || ACCESS.containsKey(word) || KINDS.containsKey(word);
    }

    private static BigInteger number(String text) {
        if (!text.strip().matches("[-+]?[0-9]+")) {
            throw new NonsenseException(text + ": integer expression expected");
        }
        return new BigInteger(text.strip());
    }
}
