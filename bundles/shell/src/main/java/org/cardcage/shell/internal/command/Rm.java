package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.DirectoryEntry;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.SystemCalls;

/**
 * {@code rm [-f] [-r]} of coreutils, always with {@code --one-file-system} and {@code --preserve-root=all}: below {@code
 * /host} is the real disk.
 */
final class Rm extends FileTreeCommands.Tool {

    private static final String ANY_ROOT = "--no-preserve-root";

    Rm(SystemCalls kernel) {
        super(kernel, new Help("rm", "[-f] [-r] FILE...", "remove files, -r directories too", "rm -r /tmp/a"));
    }

    @Override
    public int run(Invocation call) throws IOException {
        List<String> words = new ArrayList<>(call.arguments());
        boolean preserveRoot = !words.remove(ANY_ROOT);
        Options options = Options.parse(words, "frR");
        boolean force = options.has("f");
        if (options.operands().isEmpty() && !force) {
            throw missing("operand");
        }
        boolean recursive = options.has("r") || options.has("R");
        Removal removal = new Removal(call, force, recursive, preserveRoot);
        boolean done = true;
        for (String word : options.operands()) {
            done &= removal.operand(word);
        }
        return done ? 0 : 1;
    }

    /** One call; its methods tell whether what they are asked to remove is gone, and have complained if not. */
    private final class Removal {

        private final Invocation call;
        private final boolean force;
        private final boolean recursive;
        private final boolean preserveRoot;

        Removal(Invocation call, boolean force, boolean recursive, boolean preserveRoot) {
            this.call = call;
            this.force = force;
            this.recursive = recursive;
            this.preserveRoot = preserveRoot;
        }

        boolean operand(String word) throws IOException {
            String path = call.path(word);
            FileStatus status;
            FileStatus above;
            try {
                status = kernel.lstat(call.credentials(), path);
                if (!status.isDirectory()) {
                    return attempted(word, () -> kernel.unlink(call.credentials(), path));
                }
                if (!recursive) {
                    throw new KernelException(Errno.EISDIR);
                }
                above = kernel.stat(call.credentials(), path + "/..");
            } catch (KernelException e) {
                return failed(word, e);
            }
            String last = FileTreeCommands.lastName(word);
            if (last.equals(".") || last.equals("..")) {
                call.complain("refusing to remove '.' or '..' directory: skipping '" + word + "'");
                return false;
            }
            if (same(status, above) && preserveRoot) {
                call.complain("it is dangerous to operate recursively on '" + word + "'"
                        + (word.equals("/") ? "" : " (same as '/')"));
                call.complain("use " + ANY_ROOT + " to override this failsafe");
                return false;
            }
            return directory(word, path, status, above.device());
        }

        /** The root is above itself. */
        private static boolean same(FileStatus a, FileStatus b) {
            return a.inode() == b.inode() && a.device() == b.device();
        }

        private boolean directory(String name, String path, FileStatus status, int device) throws IOException {
            if (status.device() != device) {
                call.complain("skipping '" + name + "', since it's on a different device");
                return false;
            }
            List<DirectoryEntry> entries;
            try {
                entries = kernel.readdir(call.credentials(), path);
            } catch (KernelException e) {
                return failed(name, e);
            }
            boolean empty = true;
            for (DirectoryEntry entry : entries) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException();
                }
                empty &= entry(below(name, entry.name()), below(path, entry.name()), device);
            }
            return empty && attempted(name, () -> kernel.rmdir(call.credentials(), path));
        }

        private boolean entry(String name, String path, int device) throws IOException {
            FileStatus status;
            try {
                status = kernel.lstat(call.credentials(), path);
            } catch (KernelException e) {
                return failed(name, e);
            }
            return status.isDirectory()
                    ? directory(name, path, status, device)
                    : attempted(name, () -> kernel.unlink(call.credentials(), path));
        }

        private static String below(String directory, String name) {
            return directory.endsWith("/") ? directory + name : directory + "/" + name;
        }

        private boolean attempted(String name, Runnable action) throws IOException {
            try {
                action.run();
                return true;
            } catch (KernelException e) {
                return failed(name, e);
            }
        }

        private boolean failed(String name, KernelException e) throws IOException {
            if (e.errno() == Errno.EINTR) {
                throw e;
            }
            if (force && e.errno() == Errno.ENOENT) {
                return true;
            }
            call.complain("cannot remove '" + name + "': " + ErrorText.of(e));
            return false;
        }
    }
}
