package org.cardcage.kmod.internal;

import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kernel.module.ModuleParameters;
import org.cardcage.kmod.ModuleFile;
import org.cardcage.kmod.internal.ParameterText.Assignment;
import org.slf4j.Logger;

/**
 * Loads one module (Linux {@code load_module}). Either all of it is there at the end, or nothing.
 *
 * <p>Threads: any.
 */
final class ModuleLoader {

    private final Kernel kernel;
    private final ModuleHost host;
    private final ModuleTable table;
    private final ModuleUnloader unloader;

    ModuleLoader(Kernel kernel, ModuleHost host, ModuleTable table, ModuleUnloader unloader) {
        this.kernel = kernel;
        this.host = host;
        this.table = table;
        this.unloader = unloader;
    }

    /** See {@link org.cardcage.kmod.Kmod#insmod}; returns what is loaded now. */
    ModuleEntry load(ModuleSource source, CancelToken cancel) {
        String name = source.file().name();
        table.find(name)
                .filter(present -> present.module().state() != KernelModule.State.LIVE)
                .ifPresent(unloader::requireOutside);
        table.claim(name, cancel);
        try {
            table.requireAbsent(name);
            ModuleParameters values = values(source.file(), String.join(" ", source.parameters()));
            ModuleBundle bundle = host.install("module:" + name, source.content());
            ModuleEntry entry = new ModuleEntry(source, new KernelModule(name), bundle);
            start(entry, values, cancel);
            return entry;
        } finally {
            table.release(name);
        }
    }

    private ModuleParameters values(ModuleFile file, String text) {
        ModuleParameters values = file.defaults();
        Logger log = kernel.logger(file.name());
        for (Assignment assignment : ParameterText.parse(text)) {
            String name = assignment.name().replace('-', '_');
            if (!values.has(name)) {
                log.warn("unknown parameter '{}' ignored", assignment.name());
                continue;
            }
            try {
                values.set(name, assignment.value());
            } catch (KernelException e) {
                log.error(e.detail());
                throw e;
            }
        }
        return values;
    }

    private void start(ModuleEntry entry, ModuleParameters values, CancelToken cancel) {
        try {
            entry.setLoading(cancel);
            table.add(entry);
            entry.setParameterService(host.offer(entry.name(), values));
            entry.bundle().start();
            kernel.modules().awaitInit(entry.module(), cancel);
            entry.bundle().initialise(); // where it fails it knows the errno best
            kernel.modules().awaitInit(entry.module(), cancel);
            kernel.modules().takeFailure(entry.module()).ifPresent(failure -> {
                throw failure;
            });
            entry.module().live();
        } catch (Throwable t) { // a module's fault is contained
            KernelException failure = failure(entry, t);
            unloader.rollBack(entry);
            throw failure;
        }
    }

    private KernelException failure(ModuleEntry entry, Throwable t) {
        if (t instanceof KernelException e) {
            return e;
        }
        if (t instanceof UnknownSymbolException e) {
            return unknownSymbol(kernel.logger(entry.name()), e);
        }
        String what = "initialisation of module " + entry.name();
        return KernelException.errnoOf(t)
                .map(errno -> new KernelException(errno, what + " failed", t))
                .orElseGet(() -> {
                    kernel.oops(entry.module(), what, t);
                    return new KernelException(Errno.EIO, what + " failed: " + t, t);
                });
    }

    private static KernelException unknownSymbol(Logger log, UnknownSymbolException e) {
        e.disagreeing().forEach(symbol -> log.error("disagrees about version of symbol {}", symbol));
        e.unknown().forEach(symbol -> log.error("Unknown symbol {} (err -{})", symbol, Errno.ENOENT.number()));
        return e.unknown().isEmpty()
                ? new KernelException(
                        Errno.ENOEXEC, "disagrees about version of " + String.join(", ", e.disagreeing()), e)
                : new KernelException(Errno.ENOENT, "Unknown symbol " + String.join(", ", e.unknown()), e);
    }
}
