package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.SystemCalls;

/** {@code cd} and {@code pwd}, with the words of bash. */
final class DirectoryCommands {

    private static final String HOME = "/root";

    private DirectoryCommands() {}

    /** {@code cd}: without a word to /root. */
    static final class Cd implements Command {

        private final SystemCalls kernel;

        Cd(SystemCalls kernel) {
            this.kernel = kernel;
        }

        @Override
        public Help help() {
            return new Help("cd", "[DIRECTORY]", "change the working directory", "cd /dev");
        }

        @Override
        public int run(Invocation call) throws IOException {
            List<String> words = Options.parse(call.arguments(), "").operands();
            if (words.size() > 1) {
                call.message(NotFound.SHELL + ": cd: too many arguments");
                return 1;
            }
            String word = words.isEmpty() ? HOME : words.get(0);
            try {
                String path = normalize(call.path(word));
                if (!kernel.stat(call.credentials(), call.path(word)).isDirectory()) {
                    throw new KernelException(Errno.ENOTDIR);
                }
                kernel.access(call.credentials(), path, 1);
                call.shell().changeDirectory(path);
                return 0;
            } catch (KernelException e) {
                call.message(NotFound.SHELL + ": cd: " + word + ": " + ErrorText.of(e));
                return 1;
            }
        }

        /** As bash does it: {@code ..} goes back to where a link was, not to where it leads. */
        static String normalize(String path) {
            Deque<String> names = new ArrayDeque<>();
            for (String name : path.split("/")) {
                if (name.equals("..")) {
                    names.pollLast();
                } else if (!name.isEmpty() && !name.equals(".")) {
                    names.addLast(name);
                }
            }
            return "/" + String.join("/", names);
        }
    }

    /** {@code pwd}. */
    static final class Pwd implements Command {

        @Override
        public Help help() {
            return new Help("pwd", "", "print the working directory", "pwd");
        }

        @Override
        public int run(Invocation call) throws IOException {
            Options.parse(call.arguments(), "LP");
            call.println(call.shell().directory());
            return 0;
        }
    }
}
