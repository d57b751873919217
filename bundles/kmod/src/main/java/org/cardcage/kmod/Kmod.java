package org.cardcage.kmod;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cardcage.kernel.CancelToken;
import org.cardcage.vfs.Credentials;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Loads and unloads modules (the system calls and the library of Linux's kmod).
 *
 * <p>Threads: any. Loading and unloading of one module take turns; different modules do not wait for each other.
 *
 * <p>Errors: {@link org.cardcage.kernel.KernelException}; nothing is left behind.
 */
@ProviderType
public interface Kmod {

    /**
     * Loads a module from a file of our tree and waits until the probes that it causes have ended. A failed probe is no
     * error: the module stays, the kernel log names device and error.
     *
     * @param path absolute
     * @param parameters each {@code name=value} or {@code name}, quoted as the kernel wants it; unknown names are logged
     *     and ignored
     * @param cancel ends the waiting for probes; the load is undone then
     * @throws org.cardcage.kernel.KernelException ENOENT without such a file, EISDIR for a directory, EINVAL for an empty
     *     file, ENOEXEC if it is no module or needs a package in another version, EEXIST if a module of this name is loaded,
     *     EBUSY if one is being unloaded, EDEADLK if the caller is inside one that is still loading, EINVAL and ERANGE for a bad value, EPERM unless root, ENOENT if it needs a
     *     symbol, package or service that is absent (the message begins with "Unknown symbol"), or what its
     *     initialisation throws, EIO if that is no errno; EINTR or the token's errno. {@link KmodMessages} has the words
     *     of the tools.
     */
    void insmod(Credentials who, String path, List<String> parameters, CancelToken cancel);

    /**
     * Loads a module whose content comes from a URL that the JVM can open; as {@link #insmod} otherwise.
     */
    void insmodUrl(Credentials who, String url, List<String> parameters, CancelToken cancel);

    /**
     * Unloads a module; its bundle is uninstalled, whoever has installed it.
     *
     * @param name with {@code -} and {@code _} alike; of a path its last name counts, without {@code .ko} or {@code .jar}
     * @param force whether users are of no matter: open files answer ENODEV afterwards, modules that need this one are
     *     unloaded first
     * @throws org.cardcage.kernel.KernelException ENOENT if it is not loaded, EAGAIN if it is in use, EDEADLK if the caller
     *     is inside the module, EBUSY if it is being loaded or unloaded, or if a thread did not leave its driver in time
     *     (it goes when that has left), EPERM unless root
     */
    void rmmod(Credentials who, String name, boolean force);

    /**
     * Finds a module in {@code /lib/modules} and loads it with the modules it needs; nothing happens if it is loaded
     * already.
     *
     * @param name of the module or its file, or the modalias of a device, for which all its modules are loaded
     * @param parameters for the module itself, not for those it needs
     * @return the paths loaded, in order
     * @throws org.cardcage.kernel.KernelException ENOENT if there is no such module, else as {@link #insmod}
     */
    List<String> modprobe(Credentials who, String name, List<String> parameters, CancelToken cancel);

    /** The path of a module in {@code /lib/modules} by its name or that of its file. */
    Optional<String> find(String name);

    /** Names of the modules in {@code /lib/modules} whose id tables have a device with this modalias. */
    Set<String> modulesFor(String modalias);

    /** What is loaded, the last loaded first. */
    List<LoadedModule> loaded();

    /** Release name of the kernel: {@code /lib/modules/RELEASE}. */
    String release();
}
