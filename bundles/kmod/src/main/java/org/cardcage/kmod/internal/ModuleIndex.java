package org.cardcage.kmod.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kmod.ModuleFile;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.DirectoryEntry;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.SystemCalls;

/**
 * What modules there are below {@code /lib/modules/RELEASE} (the job of {@code depmod}). The folder is looked through each
 * time; a file is read again only if it is another one than before.
 *
 * <p>Threads: any. {@code this} guards the cache; files are read without it, by several threads at worst twice.
 */
final class ModuleIndex {

    private static final String SUFFIX = ".jar";

    /** A file with its content's marks; {@code module} is empty if it is none. */
    private record Known(FileStatus status, Optional<ModuleFile> module) {

        boolean isStill(FileStatus now) {
            return status.inode() == now.inode()
                    && status.size() == now.size()
                    && status.modified().equals(now.modified());
        }
    }

    private final SystemCalls files;
    private final ModuleReader reader;
    private final String root;
    private final Consumer<String> complaints;
    private Map<String, Known> cache = Map.of();

    /**
     * @param root the folder
     * @param complaints is told about files that are no modules, once each
     */
    ModuleIndex(SystemCalls files, ModuleReader reader, String root, Consumer<String> complaints) {
        this.files = files;
        this.reader = reader;
        this.root = root;
        this.complaints = complaints;
    }

    /** The modules by the paths of their files, sorted by path. */
    Map<String, ModuleFile> modules() {
        Map<String, Known> before;
        synchronized (this) {
            before = cache;
        }
        Map<String, Known> now = new LinkedHashMap<>();
        scan(root, before, now);
        synchronized (this) {
            cache = now;
        }
        Map<String, ModuleFile> modules = new LinkedHashMap<>();
        now.forEach((path, known) -> known.module().ifPresent(module -> modules.put(path, module)));
        return modules;
    }

    /** The path of a module by its name or that of its file, with {@code -} and {@code _} alike. */
    Optional<String> find(String name) {
        return find(modules(), name);
    }

    private static Optional<String> find(Map<String, ModuleFile> modules, String name) {
        String wanted = name.replace('-', '_');
        return modules.entrySet().stream()
                .filter(e -> e.getValue().name().equals(wanted))
                .map(Map.Entry::getKey)
                .findFirst()
                .or(() -> modules.keySet().stream()
                        .filter(path -> path.replace('-', '_').endsWith("/" + wanted + SUFFIX))
                        .findFirst());
    }

    /** Names of the modules with a pattern that the modalias fits, sorted. */
    Set<String> modulesFor(String modalias) {
        return modules().values().stream()
                .filter(module -> module.aliases().stream().anyMatch(a -> Modalias.matches(a, modalias)))
                .map(ModuleFile::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The files to load for a module: those that offer what it needs first, itself last. A symbol that no file offers is left
     * out; loading will tell.
     */
    List<String> loadOrder(String path) {
        Map<String, ModuleFile> modules = modules();
        Map<String, String> offers = new HashMap<>();
        modules.forEach((offering, module) -> module.symbols().forEach(symbol -> offers.putIfAbsent(symbol, offering)));
        Set<String> seen = new TreeSet<>();
        List<String> order = new ArrayList<>();
        addWithNeeds(path, modules, offers, seen, order);
        return order;
    }

    private static void addWithNeeds(
            String path,
            Map<String, ModuleFile> modules,
            Map<String, String> offers,
            Set<String> seen,
            List<String> order) {
        if (!modules.containsKey(path) || !seen.add(path)) {
            return;
        }
        for (String symbol : modules.get(path).needs()) {
            if (offers.containsKey(symbol)) {
                addWithNeeds(offers.get(symbol), modules, offers, seen, order);
            }
        }
        order.add(path);
    }

    private void scan(String folder, Map<String, Known> before, Map<String, Known> now) {
        for (DirectoryEntry entry : entries(folder)) {
            String path = folder + "/" + entry.name();
            if (entry.type() == FileType.DIRECTORY) {
                scan(path, before, now);
            } else if (entry.name().endsWith(SUFFIX)) {
                look(path, before.get(path)).ifPresent(known -> now.put(path, known));
            }
        }
    }

    private List<DirectoryEntry> entries(String folder) {
        try {
            return files.readdir(Credentials.ROOT, folder);
        } catch (KernelException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR) {
                complaints.accept(folder + ": " + e.getMessage());
            }
            return List.of();
        }
    }

    /** The file, unless it has gone meanwhile. */
    private Optional<Known> look(String path, Known before) {
        FileStatus status;
        try {
            status = files.stat(Credentials.ROOT, path);
        } catch (KernelException e) {
            return Optional.empty();
        }
        if (before != null && before.isStill(status)) {
            return Optional.of(before);
        }
        return Optional.of(new Known(status, module(path)));
    }

    private Optional<ModuleFile> module(String path) {
        try {
            return Optional.of(ModuleFile.read(reader.read(Credentials.ROOT, path)));
        } catch (KernelException e) {
            complaints.accept(path + ": " + e.getMessage());
            return Optional.empty();
        }
    }
}
