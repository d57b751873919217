package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kmod.Kmod;
import org.cardcage.kmod.KmodMessages;
import org.cardcage.kmod.LoadedModule;
import org.cardcage.vfs.SystemCalls;

/** {@code modprobe}: modules by name or by the modalias of a device, with what they need; the words are those of kmod 30. */
final class Modprobe implements Command {

    private final Kmod kmod;
    private final SystemCalls kernel;

    Modprobe(Kmod kmod, SystemCalls kernel) {
        this.kmod = kmod;
        this.kernel = kernel;
    }

    @Override
    public Help help() {
        return new Help(
                "modprobe",
                "[-r] [-v] [--first-time] MODULE|MODALIAS [PARAMETER=VALUE]...",
                "load a module with those it needs, -r unload it\n" + "-r unloads those too that nobody needs any more",
                "modprobe edu");
    }

    @Override
    public int run(Invocation call) throws IOException {
        Options options = Options.parse(call.arguments(), "rv", "remove", "verbose", "first-time");
        List<String> words = options.operands();
        boolean verbose = options.has("v") || options.has("verbose");
        if (words.isEmpty()) {
            call.complain("ERROR: missing parameters. See -h.");
            return 1;
        }
        if (options.has("r") || options.has("remove")) {
            int status = 0;
            for (String word : words) {
                status = Math.max(status, remove(call, word, verbose));
            }
            return status;
        }
        List<String> parameters = ModuleParameterWords.split(words.subList(1, words.size()));
        return insert(call, words.get(0), parameters, verbose, options.has("first-time"));
    }

    @Override
    public List<String> offers(String kind, List<String> before) {
        boolean remove = before.contains("-r") || before.contains("--remove");
        if (!kind.equals("MODULE")) {
            return List.of();
        }
        return remove ? ModuleCommands.loaded(kmod) : ModuleCommands.installed(kmod, kernel);
    }

    private int insert(Invocation call, String word, List<String> parameters, boolean verbose, boolean firstTime)
            throws IOException {
        List<String> names = resolve(word);
        if (names.isEmpty()) {
            call.complain("FATAL: Module " + word + " not found in directory /lib/modules/" + kmod.release());
            return 1;
        }
        for (String name : names) {
            try {
                if (firstTime && ModuleCommands.loaded(kmod, name).isPresent()) {
                    throw new KernelException(Errno.EEXIST);
                }
                for (String path : kmod.modprobe(call.credentials(), name, parameters, new CancelToken())) {
                    // The blank at the end is where parameters would stand; modprobe prints it too.
                    call.print(verbose ? "insmod " + path + " \n" : "");
                }
            } catch (KernelException e) {
                call.message(KmodMessages.modprobe(name, e));
                return e.errno() == Errno.EINTR ? Interrupted.STATUS : 1;
            }
        }
        return 0;
    }

    /** The modules that a word means. A file name means none. */
    private List<String> resolve(String word) {
        if (word.contains(":")) {
            return List.copyOf(new TreeSet<>(kmod.modulesFor(word)));
        }
        if (word.contains("/") || word.contains(".") || kmod.find(word).isEmpty()) {
            return List.of();
        }
        return List.of(word.replace('-', '_'));
    }

    private int remove(Invocation call, String word, boolean verbose) throws IOException {
        String name = word.replace('-', '_');
        Optional<LoadedModule> module = ModuleCommands.loaded(kmod, name);
        if (module.isEmpty()) {
            if (resolve(word).isEmpty()) {
                call.complain("FATAL: Module " + word + " not found.");
                return 1;
            }
            return 0;
        }
        if (module.get().users() > 0) {
            call.complain("FATAL: Module " + name + " is in use.");
            return 1;
        }
        List<String> needed = neededBy(name);
        try {
            kmod.rmmod(call.credentials(), name, false);
        } catch (KernelException e) {
            call.complain("ERROR: could not remove '" + name + "': " + ErrorText.of(e));
            return 1;
        }
        call.print(verbose ? "rmmod " + name + "\n" : "");
        for (String other : needed) {
            if (ModuleCommands.loaded(kmod, other).filter(m -> m.users() == 0).isPresent()) {
                remove(call, other, verbose);
            }
        }
        return 0;
    }

    private List<String> neededBy(String name) {
        List<String> needed = new ArrayList<>();
        for (LoadedModule m : kmod.loaded()) {
            if (m.usedBy().contains(name)) {
                needed.add(m.name());
            }
        }
        return needed;
    }
}
