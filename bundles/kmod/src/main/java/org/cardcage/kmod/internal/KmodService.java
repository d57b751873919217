package org.cardcage.kmod.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kmod.Kmod;
import org.cardcage.kmod.LoadedModule;
import org.cardcage.kmod.ModuleFile;
import org.cardcage.machine.Lane;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.SystemCalls;

/** Modules of one kernel; see {@link Kmod}. */
public final class KmodService implements Kmod, AutoCloseable {

    private final Kernel kernel;
    private final String release;
    private final ModuleTable table;
    private final ModuleReader reader;
    private final ModuleIndex index;
    private final ModuleLoader loader;
    private final ModuleUnloader unloader;
    private final DeployedModules deployed;
    private final Runnable procEntry;

    /**
     * @param release names the folder in {@code /lib/modules}
     */
    public KmodService(Kernel kernel, SystemCalls files, ModuleHost host, String release) {
        this.kernel = kernel;
        this.release = release;
        table = new ModuleTable(kernel);
        reader = new ModuleReader(files);
        index = new ModuleIndex(
                files, reader, folder(), text -> kernel.logger("depmod").warn(text));
        unloader = new ModuleUnloader(kernel, table);
        loader = new ModuleLoader(kernel, host, table, unloader);
        deployed = new DeployedModules(kernel, host, table, unloader);
        procEntry = kernel.proc().add("modules", () -> ProcModules.text(table.loaded()));
    }

    private String folder() {
        return "/lib/modules/" + release;
    }

    /** Told of bundles that others start and stop. */
    public DeployedModules deployed() {
        return deployed;
    }

    /**
     * A folder whose files are modules that shall be loaded.
     *
     * @param folder of the host, absolute and without links; it need not be there
     */
    public DeployFolder deployFolder(Path folder) {
        return new DeployFolder(
                kernel, folder, (name, onLoaded) -> new DeploySlot(kernel, table, loader, unloader, name, onLoaded));
    }

    /** How long whoever ends this waits for modules to go, in nanoseconds; some of them may hang. */
    public long patience() {
        return kernel.removeTimeout() + Kernel.DEFAULT_REMOVE_TIMEOUT;
    }

    @Override
    public void insmod(Credentials who, String path, List<String> parameters, CancelToken cancel) {
        byte[] content = reader.read(who, path);
        insert(who, path, content, parameters, cancel);
    }

    @Override
    public void insmodUrl(Credentials who, String url, List<String> parameters, CancelToken cancel) {
        insert(who, url, ModuleReader.read(url), parameters, cancel);
    }

    private void insert(Credentials who, String from, byte[] content, List<String> parameters, CancelToken cancel) {
        if (who.uid() != 0) {
            throw new KernelException(Errno.EPERM, "only root loads modules");
        }
        ModuleFile file;
        try {
            file = ModuleFile.read(content);
        } catch (KernelException e) {
            kernel.logger("kmod").error("{}: {}", from, e.getMessage());
            throw e;
        }
        loader.load(new ModuleSource(file, content, List.copyOf(parameters), false), cancel);
    }

    @Override
    public void rmmod(Credentials who, String name, boolean force) {
        unloader.unload(moduleName(name), who.uid() == 0, force);
    }

    /** What {@code rmmod} makes of a name or the path of a file. */
    static String moduleName(String given) {
        String last = given.substring(given.lastIndexOf('/') + 1);
        return last.replaceFirst("\\.(ko|jar)$", "").replace('-', '_');
    }

    @Override
    public List<String> modprobe(Credentials who, String name, List<String> parameters, CancelToken cancel) {
        if (table.find(name.replace('-', '_')).isPresent()) {
            return List.of();
        }
        List<String> targets = targets(name);
        if (targets.isEmpty()) {
            throw new KernelException(Errno.ENOENT, "Module " + name + " not found in directory " + folder());
        }
        List<String> loaded = new ArrayList<>();
        for (String target : targets) {
            loaded.addAll(loadWithNeeds(who, target, parameters, cancel));
        }
        return loaded;
    }

    /** Paths of the modules of this name, else of those for this modalias. */
    private List<String> targets(String name) {
        return index.find(name)
                .map(List::of)
                .orElseGet(() -> index.modulesFor(name).stream()
                        .map(module -> index.find(module).orElseThrow())
                        .toList());
    }

    private List<String> loadWithNeeds(Credentials who, String target, List<String> parameters, CancelToken cancel) {
        List<String> loaded = new ArrayList<>();
        Map<String, ModuleFile> modules = index.modules();
        for (String path : index.loadOrder(target)) {
            if (table.find(modules.get(path).name()).isEmpty()) {
                insmod(who, path, path.equals(target) ? parameters : List.of(), cancel);
                loaded.add(path);
            }
        }
        return loaded;
    }

    @Override
    public Optional<String> find(String name) {
        return index.find(name);
    }

    @Override
    public Set<String> modulesFor(String modalias) {
        return index.modulesFor(modalias);
    }

    @Override
    public List<LoadedModule> loaded() {
        return table.loaded();
    }

    @Override
    public String release() {
        return release;
    }

    /**
     * Leaves the modules as they are, without parameters from now on. That ends drivers which need them, so it is done for all
     * modules at once: those that hang are waited for together.
     */
    @Override
    public void close() {
        procEntry.run();
        List<ModuleEntry> all = table.newestFirst();
        AtomicInteger left = new AtomicInteger(all.size());
        WaitQueue changed = new WaitQueue(kernel, "the modules to be forgotten");
        for (ModuleEntry entry : all) {
            Lane lane = kernel.scheduler().lane("kmod/" + entry.name());
            lane.execute(() -> {
                try {
                    unloader.forget(entry);
                } finally {
                    left.decrementAndGet();
                    changed.wakeUp();
                }
            });
            lane.close();
        }
        changed.awaitUninterruptibly(kernel.nanoTime() + patience(), () -> left.get() == 0);
    }
}
