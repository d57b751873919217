package org.cardcage.kmod.internal;

import org.cardcage.kernel.module.ModuleParameters;

/** What kmod wants of the framework that holds the bundles. */
public interface ModuleHost {

    /**
     * Installs a bundle; nothing of it runs.
     *
     * @param location by which the framework knows it
     * @throws org.cardcage.kernel.KernelException EEXIST if the same bundle is installed from elsewhere, ENOEXEC if it is
     *     none
     */
    ModuleBundle install(String location, byte[] content);

    /**
     * Makes the parameters of a module a service, so that its components find them.
     *
     * @return ends that
     */
    Runnable offer(String module, ModuleParameters parameters);
}
