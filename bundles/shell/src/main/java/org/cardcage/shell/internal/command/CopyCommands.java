package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.SystemCalls;

/** What copies bytes into files: {@code cp} and {@code tee}. */
final class CopyCommands {

    /** What coreutils asks for in one read. */
    private static final int BUFFER = 128 * 1024;

    private CopyCommands() {}

    private static boolean isInterrupt(KernelException e) {
        return e.errno() == Errno.EINTR;
    }

    /** {@code cp}: contents only; a device is read. */
    static final class Cp implements Command {

        private final SystemCalls kernel;

        Cp(SystemCalls kernel) {
            this.kernel = kernel;
        }

        @Override
        public Help help() {
            return new Help("cp", "FILE... TARGET", "copy what is in files", "cp /dev/edu0 /tmp/id");
        }

        @Override
        public int run(Invocation call) throws IOException {
            List<String> words = Options.parse(call.arguments(), "f").operands();
            if (words.size() < 2) {
                throw new Options.BadOptionException(
                        words.isEmpty()
                                ? "missing file operand"
                                : "missing destination file operand after '" + words.get(0) + "'");
            }
            String target = words.get(words.size() - 1);
            boolean into = isDirectory(call, target);
            if (words.size() > 2 && !into) {
                throw new Options.BadOptionException("target '" + target + "' is not a directory");
            }
            int status = 0;
            for (String word : words.subList(0, words.size() - 1)) {
                String to = into ? target + "/" + word.substring(word.lastIndexOf('/') + 1) : target;
                status = copy(call, word, to) ? status : 1;
            }
            return status;
        }

        private boolean isDirectory(Invocation call, String word) {
            try {
                return kernel.stat(call.credentials(), call.path(word)).isDirectory();
            } catch (KernelException absent) {
                return false;
            }
        }

        private boolean copy(Invocation call, String from, String to) throws IOException {
            if (isDirectory(call, from)) {
                call.complain("-r not specified; omitting directory '" + from + "'");
                return false;
            }
            String failure = "cannot stat '" + from + "'";
            try {
                kernel.stat(call.credentials(), call.path(from));
                failure = "cannot open '" + from + "' for reading";
                try (InputStream in = FileReader.open(kernel, call, call.path(from))) {
                    failure = "cannot create regular file '" + to + "'";
                    try (FileWriter out = FileWriter.open(kernel, call, to, false)) {
                        failure = "error copying '" + from + "' to '" + to + "'";
                        in.transferTo(out);
                    }
                }
                return true;
            } catch (KernelException e) {
                if (isInterrupt(e)) {
                    throw e;
                }
                call.complain(failure + ": " + ErrorText.of(e));
                return false;
            }
        }
    }

    /** {@code tee [-a]}. */
    static final class Tee implements Command {

        private final SystemCalls kernel;

        Tee(SystemCalls kernel) {
            this.kernel = kernel;
        }

        @Override
        public Help help() {
            return new Help(
                    "tee",
                    "[-a] [FILE]...",
                    "write standard input to files too, -a behind what is there",
                    "echo 5 | tee /dev/edu0");
        }

        private record Target(String name, FileWriter file) {}

        @Override
        public int run(Invocation call) throws IOException {
            Options options = Options.parse(call.arguments(), "a");
            List<Target> targets = new ArrayList<>();
            boolean well = true;
            try {
                for (String word : options.operands()) {
                    well &= attempt(
                            call,
                            word,
                            () -> targets.add(new Target(word, FileWriter.open(kernel, call, word, options.has("a")))));
                }
                InputStream in = FileReader.open(kernel, call, "-");
                byte[] buffer = new byte[BUFFER];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    int count = n;
                    call.out().write(buffer, 0, n);
                    call.out().flush();
                    for (Target target : List.copyOf(targets)) {
                        boolean written =
                                attempt(call, target.name(), () -> target.file().write(buffer, 0, count));
                        well &= written;
                        if (!written) {
                            target.file().close();
                            targets.remove(target);
                        }
                    }
                }
            } finally {
                targets.forEach(target -> target.file().close());
            }
            return well ? 0 : 1;
        }

        private static boolean attempt(Invocation call, String name, Runnable action) throws IOException {
            try {
                action.run();
                return true;
            } catch (KernelException e) {
                if (isInterrupt(e)) {
                    throw e;
                }
                call.complain(Invocation.quoted(name) + ": " + ErrorText.of(e));
                return false;
            }
        }
    }
}
