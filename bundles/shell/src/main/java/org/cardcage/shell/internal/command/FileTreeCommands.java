package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.util.List;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.SystemCalls;

/** What makes and moves names: {@code mkdir}, {@code rmdir}, {@code ln -s} and {@code mv}. */
final class FileTreeCommands {

    private static final int DIRECTORY_MODE = 0755;

    private FileTreeCommands() {}

    /** What these commands have in common: operands that are worked through one by one. */
    abstract static class Tool implements Command {

        final SystemCalls kernel;
        private final Help help;

        Tool(SystemCalls kernel, Help help) {
            this.kernel = kernel;
            this.help = help;
        }

        @Override
        public final Help help() {
            return help;
        }

        /** Whether the action succeeded; if not, its error has been printed behind {@code failure}. */
        static boolean attempt(Invocation call, String failure, Runnable action) throws IOException {
            try {
                action.run();
                return true;
            } catch (KernelException e) {
                call.complain(failure + ": " + ErrorText.of(e));
                return false;
            }
        }

        static Options.BadOptionException missing(String what) {
            return new Options.BadOptionException("missing " + what);
        }

        boolean isDirectory(Invocation call, String path) {
            try {
                return kernel.stat(call.credentials(), path).isDirectory();
            } catch (KernelException absent) {
                return false;
            }
        }
    }

    /** {@code mkdir [-p]}. */
    static final class Mkdir extends Tool {

        Mkdir(SystemCalls kernel) {
            super(kernel, new Help("mkdir", "[-p] DIRECTORY...", "make directories", "mkdir -p /tmp/a/b"));
        }

        @Override
        public int run(Invocation call) throws IOException {
            Options options = Options.parse(call.arguments(), "p");
            if (options.operands().isEmpty()) {
                throw missing("operand");
            }
            int status = 0;
            for (String word : options.operands()) {
                String path = call.path(word);
                boolean done = attempt(call, "cannot create directory '" + word + "'", () -> {
                    if (options.has("p")) {
                        makeAll(call, path);
                    } else {
                        kernel.mkdir(call.credentials(), path, DIRECTORY_MODE);
                    }
                });
                status = done ? status : 1;
            }
            return status;
        }

        private void makeAll(Invocation call, String path) {
            for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
                makeUnlessThere(call, path.substring(0, slash));
            }
            makeUnlessThere(call, path);
        }

        private void makeUnlessThere(Invocation call, String path) {
            if (!isDirectory(call, path)) {
                kernel.mkdir(call.credentials(), path, DIRECTORY_MODE);
            }
        }
    }

    /** {@code rmdir}. */
    static final class Rmdir extends Tool {

        Rmdir(SystemCalls kernel) {
            super(kernel, new Help("rmdir", "DIRECTORY...", "remove empty directories", "rmdir /tmp/a"));
        }

        @Override
        public int run(Invocation call) throws IOException {
            List<String> words = Options.parse(call.arguments(), "").operands();
            if (words.isEmpty()) {
                throw missing("operand");
            }
            int status = 0;
            for (String word : words) {
                boolean done = attempt(
                        call,
                        "failed to remove '" + word + "'",
                        () -> kernel.rmdir(call.credentials(), call.path(word)));
                status = done ? status : 1;
            }
            return status;
        }
    }

    /** {@code ln -s}; there are no hard links. */
    static final class Ln extends Tool {

        Ln(SystemCalls kernel) {
            super(kernel, new Help("ln", "-s TARGET NAME", "make a symbolic link", "ln -s /dev/edu0 /tmp/card"));
        }

        @Override
        public int run(Invocation call) throws IOException {
            Options options = Options.parse(call.arguments(), "s");
            List<String> words = options.operands();
            if (!options.has("s")) {
                throw new Options.BadOptionException("only symbolic links can be made: ln -s");
            }
            if (words.size() != 2) {
                throw missing("file operand");
            }
            String name = into(call, words.get(0), words.get(1));
            boolean done = attempt(
                    call,
                    "failed to create symbolic link '" + name + "'",
                    () -> kernel.symlink(call.credentials(), words.get(0), call.path(name)));
            return done ? 0 : 1;
        }

        private String into(Invocation call, String target, String name) {
            return isDirectory(call, call.path(name)) ? name + "/" + lastName(target) : name;
        }
    }

    /** {@code mv} within a file system. */
    static final class Mv extends Tool {

        Mv(SystemCalls kernel) {
            super(kernel, new Help("mv", "FILE... TARGET", "rename files or move them into a directory", "mv a b"));
        }

        @Override
        public int run(Invocation call) throws IOException {
            List<String> words = Options.parse(call.arguments(), "f").operands();
            if (words.size() < 2) {
                throw missing(
                        words.isEmpty() ? "file operand" : "destination file operand after '" + words.get(0) + "'");
            }
            String target = words.get(words.size() - 1);
            boolean into = isDirectory(call, call.path(target));
            if (words.size() > 2 && !into) {
                call.complain("target '" + target + "': Not a directory");
                return 1;
            }
            int status = 0;
            for (String word : words.subList(0, words.size() - 1)) {
                String name = into ? target + "/" + lastName(word) : target;
                boolean done = attempt(
                                call,
                                "cannot stat '" + word + "'",
                                () -> kernel.lstat(call.credentials(), call.path(word)))
                        && attempt(
                                call,
                                "cannot move '" + word + "' to '" + name + "'",
                                () -> kernel.rename(call.credentials(), call.path(word), call.path(name)));
                status = done ? status : 1;
            }
            return status;
        }
    }

    static String lastName(String path) {
        String bare = path.replaceFirst("/+$", "");
        return bare.substring(bare.lastIndexOf('/') + 1);
    }
}
