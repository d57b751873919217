package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kmod.Kmod;
import org.cardcage.kmod.KmodMessages;
import org.cardcage.kmod.LoadedModule;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.DirectoryEntry;
import org.cardcage.vfs.SystemCalls;

/** {@code insmod}, {@code rmmod} and {@code lsmod}, with the words of kmod 30. */
final class ModuleCommands {

    private ModuleCommands() {}

    /** The module of this name, if it is loaded. */
    static Optional<LoadedModule> loaded(Kmod kmod, String name) {
        return kmod.loaded().stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /** Names of all loaded modules. */
    static List<String> loaded(Kmod kmod) {
        return kmod.loaded().stream().map(LoadedModule::name).toList();
    }

    /** Names of the modules in {@code /lib/modules}. */
    static List<String> installed(Kmod kmod, SystemCalls kernel) {
        try {
            return kernel.readdir(Credentials.ROOT, "/lib/modules/" + kmod.release()).stream()
                    .map(DirectoryEntry::name)
                    .filter(name -> name.endsWith(".jar"))
                    .map(ModuleCommands::moduleName)
                    .toList();
        } catch (KernelException e) {
            return List.of(); // nothing is offered where nothing can be read
        }
    }

    /** The name of the module that a word means: without folder and suffix, with {@code _} for {@code -}. */
    static String moduleName(String word) {
        String file = word.substring(word.lastIndexOf('/') + 1);
        int dot = file.indexOf('.');
        return (dot < 0 ? file : file.substring(0, dot)).replace('-', '_');
    }

    /** {@code insmod}. */
    static final class Insmod implements Command {

        private final Kmod kmod;
        private final SystemCalls kernel;

        Insmod(Kmod kmod, SystemCalls kernel) {
            this.kmod = kmod;
            this.kernel = kernel;
        }

        @Override
        public Help help() {
            return new Help(
                    "insmod",
                    "FILE|NAME|URL [PARAMETER=VALUE]...",
                    "load a module from a file, or by name from /lib/modules",
                    "insmod edu read_mode=2\ninsmod ./edu.jar");
        }

        @Override
        public int run(Invocation call) throws IOException {
            List<String> words = call.arguments();
            if (words.isEmpty()) {
                call.complain("ERROR: missing filename.");
                return 1;
            }
            String word = words.get(0);
            if (word.startsWith("-")) {
                Options.parse(List.of(word), "");
            }
            List<String> parameters = ModuleParameterWords.split(words.subList(1, words.size()));
            try {
                if (word.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.*")) {
                    kmod.insmodUrl(call.credentials(), word, parameters, new CancelToken());
                    return 0;
                }
                Optional<String> path = locate(call, word);
                if (path.isEmpty()) {
                    return 1;
                }
                kmod.insmod(call.credentials(), path.get(), parameters, new CancelToken());
                return 0;
            } catch (KernelException e) {
                call.message(KmodMessages.insmod(word, e));
                return e.errno() == Errno.EINTR ? Interrupted.STATUS : 1;
            }
        }

        @Override
        public List<String> offers(String kind, List<String> before) {
            return kind.equals("NAME") ? installed(kmod, kernel) : List.of();
        }

        /** The file; empty if there is none, which has been said then. */
        private Optional<String> locate(Invocation call, String word) throws IOException {
            try {
                kernel.stat(call.credentials(), call.path(word));
                return Optional.of(call.path(word));
            } catch (KernelException e) {
                Optional<String> shipped = word.contains("/") ? Optional.empty() : kmod.find(word);
                if (shipped.isEmpty()) {
                    call.message(KmodMessages.insmodNoFile(word, e.errno()));
                }
                return shipped;
            }
        }
    }

    /** {@code rmmod}. */
    static final class Rmmod implements Command {

        private final Kmod kmod;

        Rmmod(Kmod kmod) {
            this.kmod = kmod;
        }

        @Override
        public Help help() {
            return new Help("rmmod", "[-f] MODULE...", "unload modules, -f even if in use", "rmmod edu");
        }

        @Override
        public int run(Invocation call) throws IOException {
            Options options = Options.parse(call.arguments(), "f", "force");
            boolean force = options.has("f") || options.has("force");
            if (options.operands().isEmpty()) {
                call.complain("ERROR: missing module name.");
                return 1;
            }
            int status = 0;
            for (String word : options.operands()) {
                String name = moduleName(word);
                try {
                    kmod.rmmod(call.credentials(), name, force);
                } catch (KernelException e) {
                    for (String line : KmodMessages.rmmod(name, e)) {
                        call.message(line);
                    }
                    status = 1;
                }
            }
            return status;
        }

        @Override
        public List<String> offers(String kind, List<String> before) {
            return loaded(kmod);
        }
    }

    /** {@code lsmod}. */
    static final class Lsmod implements Command {

        private final Kmod kmod;

        Lsmod(Kmod kmod) {
            this.kmod = kmod;
        }

        @Override
        public Help help() {
            return new Help("lsmod", "", "list the loaded modules and who uses them", "lsmod");
        }

        @Override
        public int run(Invocation call) throws IOException {
            Options.parse(call.arguments(), "");
            call.println("Module                  Size  Used by");
            for (LoadedModule m : kmod.loaded()) {
                List<String> words = new ArrayList<>();
                words.add(Integer.toString(m.users()));
                if (!m.usedBy().isEmpty()) {
                    words.add(String.join(",", m.usedBy()));
                }
                call.println(String.format("%-19s %8d  %s", m.name(), m.size(), String.join(" ", words)));
            }
            return 0;
        }
    }
}
