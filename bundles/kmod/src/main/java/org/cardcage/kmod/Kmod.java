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
     * @param parameters each {@code name=value} or {@code name}; unknown names are logged and ignored
     * @param cancel ends the waiting for probes
     * @throws org.cardcage.kernel.KernelException ENOENT without such a file, ENOEXEC if it is no module, EEXIST if a
     *     module of this name is loaded, EINVAL and ERANGE for a bad value, EPERM unless root, ENOENT if it needs a symbol
     *     or package that is absent (the message begins with "Unknown symbol"), or what its initialisation throws
     */
    void insmod(Credentials who, String path, List<String> parameters, CancelToken cancel);

    /**
     * Loads a module whose content comes from a URL that the JVM can open; as {@link #insmod} otherwise.
     */
    void insmodUrl(Credentials who, String url, List<String> parameters, CancelToken cancel);

    /**
     * Unloads a module.
     *
     * @param name with {@code -} and {@code _} alike
     * @param force whether open files are of no matter (they answer ENODEV afterwards)
     * @throws org.cardcage.kernel.KernelException ENOENT if it is not loaded, EAGAIN if it is in use, EDEADLK if the caller
     *     is inside the module, EPERM unless root
     */
    void rmmod(Credentials who, String name, boolean force);

    /**
     * Finds a module by name in {@code /lib/modules} and loads it with the modules it needs; nothing happens if it is
     * loaded already.
     *
     * @return the paths loaded, in order
     * @throws org.cardcage.kernel.KernelException ENOENT if there is no such module, else as {@link #insmod}
     */
    List<String> modprobe(Credentials who, String name, List<String> parameters, CancelToken cancel);

    /** The path of a module in {@code /lib/modules} by its name. */
    Optional<String> find(String name);

    /** Names of the modules in {@code /lib/modules} whose id tables have a device with this modalias. */
    Set<String> modulesFor(String modalias);

    /** What is loaded, the last loaded first. */
    List<LoadedModule> loaded();

    /** Release name of the kernel: {@code /lib/modules/RELEASE}. */
    String release();
}
