package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.DirectoryEntry;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.SystemCalls;

/** {@code ls} with the options a, A, d, i, l and 1, in the format of coreutils. */
public final class Ls implements Command {

    /** coreutils: something on the command line cannot be listed. */
    private static final int SERIOUS = 2;

    private static final int MINOR = 1;

    private final SystemCalls kernel;
    private final Clock clock;

    /**
     * @param clock tells which times are recent, and their zone
     */
    public Ls(SystemCalls kernel, Clock clock) {
        this.kernel = kernel;
        this.clock = clock;
    }

    @Override
    public Help help() {
        return new Help("ls", "[-aAdil1] [FILE]...", "list directories", "ls -l /dev/edu0");
    }

    @Override
    public int usageStatus() {
        return SERIOUS;
    }

    @Override
    public int run(Invocation call) throws IOException {
        if (call.arguments().contains("-h")) { // here it is not a question, but one that is not offered
            throw new Options.BadOptionException("invalid option -- 'h'");
        }
        Options options = Options.parse(call.arguments(), "aAdil1");
        return new Listing(call, options).run();
    }

    /** One call. */
    private final class Listing {

        private final Invocation call;
        private final Options options;
        private final boolean details;
        private final LsFormat format;
        private int status;
        private boolean printed;

        Listing(Invocation call, Options options) {
            this.call = call;
            this.options = options;
            this.details = options.has("l");
            this.format = new LsFormat(
                    options.has("i"),
                    clock,
                    options.has("1") ? 0 : call.columns().orElse(0));
        }

        int run() throws IOException {
            List<LsFormat.Entry> files = new ArrayList<>();
            List<String> directories = new ArrayList<>();
            List<String> words = options.operands().isEmpty() ? List.of(".") : options.operands();
            for (String word : words) {
                sort(word, files, directories);
            }
            files.sort(Comparator.comparing(LsFormat.Entry::name));
            directories.sort(Comparator.naturalOrder());
            if (!files.isEmpty()) {
                print(files);
            }
            for (String directory : directories) {
                list(directory, words.size() > 1);
            }
            return status;
        }

        private void sort(String word, List<LsFormat.Entry> files, List<String> directories) throws IOException {
            try {
                if (!options.has("d") && leadsToDirectory(word)) {
                    directories.add(word);
                } else {
                    files.add(entry(word, call.path(word)));
                }
            } catch (KernelException e) {
                call.complain("cannot access '" + word + "': " + ErrorText.of(e));
                status = SERIOUS;
            }
        }

        /** A link to a directory is listed as such only if details are not asked for. */
        private boolean leadsToDirectory(String word) {
            FileStatus own = kernel.lstat(call.credentials(), call.path(word));
            if (own.type() != FileType.SYMLINK || details) {
                return own.isDirectory();
            }
            try {
                return kernel.stat(call.credentials(), call.path(word)).isDirectory();
            } catch (KernelException danglingLink) {
                return false;
            }
        }

        private void list(String directory, boolean heading) throws IOException {
            String path = call.path(directory);
            List<DirectoryEntry> names;
            try {
                names = kernel.readdir(call.credentials(), path);
            } catch (KernelException e) {
                call.complain("cannot open directory '" + directory + "': " + ErrorText.of(e));
                status = SERIOUS;
                return;
            }
            List<LsFormat.Entry> entries = new ArrayList<>();
            if (options.has("a")) {
                add(entries, ".", path);
                add(entries, "..", path);
            }
            for (DirectoryEntry name : names) {
                if (options.has("a") || options.has("A") || !name.name().startsWith(".")) {
                    add(entries, name.name(), path);
                }
            }
            entries.sort(Comparator.comparing(LsFormat.Entry::name));
            call.print(printed ? "\n" : "");
            call.print(heading ? directory + ":\n" : "");
            if (details) {
                call.println("total " + format.blocks(entries));
            }
            print(entries);
            printed = true;
        }

        private void add(List<LsFormat.Entry> entries, String name, String directory) throws IOException {
            String path = directory.endsWith("/") ? directory + name : directory + "/" + name;
            try {
                entries.add(entry(name, path));
            } catch (KernelException e) {
                call.complain("cannot access '" + path + "': " + ErrorText.of(e));
                status = Math.max(status, MINOR);
            }
        }

        private LsFormat.Entry entry(String name, String path) {
            FileStatus found = kernel.lstat(call.credentials(), path);
            String target =
                    details && found.type() == FileType.SYMLINK ? kernel.readlink(call.credentials(), path) : "";
            return new LsFormat.Entry(name, path, found, target);
        }

        private void print(List<LsFormat.Entry> entries) throws IOException {
            call.print(details ? format.details(entries) : format.names(entries));
            printed = true;
        }
    }
}
