package org.cardcage.shell.internal.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kmod.Kmod;
import org.cardcage.kmod.KmodMessages;
import org.cardcage.kmod.LoadedModule;
import org.cardcage.vfs.Credentials;

/** Two modules, edu and edudep, which needs edu; insmod fails as told. */
final class FakeKmod implements Kmod {

    static final String FOLDER = "/lib/modules/1.0/";
    private static final Map<String, List<String>> NEEDS =
            new TreeMap<>(Map.of("edu", List.of(), "edudep", List.of("edu")));

    final List<String> loaded = new ArrayList<>();
    final List<String> parameters = new ArrayList<>();
    Errno failure;
    int openFiles;

    private void load(String name, List<String> words) {
        if (failure != null) {
            throw new KernelException(failure);
        }
        if (loaded.contains(name)) {
            throw new KernelException(Errno.EEXIST);
        }
        loaded.add(0, name);
        parameters.addAll(words);
    }

    @Override
    public void insmod(Credentials who, String path, List<String> words, CancelToken cancel) {
        load(ModuleCommands.moduleName(path), words);
    }

    @Override
    public void insmodUrl(Credentials who, String url, List<String> words, CancelToken cancel) {
        if (url.contains("nothing")) {
            throw new KernelException(Errno.ENOENT, KmodMessages.NOTHING + url);
        }
        load(ModuleCommands.moduleName(url), words);
    }

    @Override
    public void rmmod(Credentials who, String name, boolean force) {
        LoadedModule module = loaded().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new KernelException(Errno.ENOENT, "Module " + name + " is not currently loaded"));
        if (!force && module.users() > 0) {
            String by = module.usedBy().isEmpty() ? "" : " by: " + String.join(" ", module.usedBy());
            throw new KernelException(Errno.EAGAIN, "Module " + name + " is in use" + by);
        }
        loaded.remove(name);
    }

    @Override
    public List<String> modprobe(Credentials who, String name, List<String> words, CancelToken cancel) {
        List<String> paths = new ArrayList<>();
        for (String needed : NEEDS.get(name)) {
            paths.addAll(modprobe(who, needed, List.of(), cancel));
        }
        if (!loaded.contains(name)) {
            load(name, words);
            paths.add(FOLDER + name + ".jar");
        }
        return paths;
    }

    @Override
    public Optional<String> find(String name) {
        return NEEDS.containsKey(name) ? Optional.of(FOLDER + name + ".jar") : Optional.empty();
    }

    @Override
    public Set<String> modulesFor(String modalias) {
        return modalias.startsWith("pci:v00001234") ? Set.of("edu") : Set.of();
    }

    @Override
    public List<LoadedModule> loaded() {
        return loaded.stream()
                .map(name -> {
                    List<String> usedBy = loaded.stream()
                            .filter(other -> NEEDS.get(other).contains(name))
                            .toList();
                    int users = usedBy.size() + (name.equals("edu") ? openFiles : 0);
                    return new LoadedModule(name, 20480, users, usedBy, KernelModule.State.LIVE, false);
                })
                .toList();
    }

    @Override
    public String release() {
        return "1.0";
    }
}
