package org.cardcage.kmod.internal;

import java.util.Set;

/** The bundle of one module. */
public interface ModuleBundle {

    /** Number of the bundle, which owns the module's code. */
    long id();

    /**
     * Resolves and starts it.
     *
     * @throws UnknownSymbolException if something that it needs is not there
     * @throws Exception what its activator throws
     */
    void start() throws Exception;

    /**
     * Makes its components and checks that all of them could be made.
     *
     * @throws UnknownSymbolException if a component waits for a service
     * @throws Exception what a component failed with
     */
    void initialise() throws Exception;

    /**
     * Stops it; its services and components have gone at the end.
     *
     * @throws Exception what its activator throws; it is stopped nevertheless
     */
    void stop() throws Exception;

    /** Takes it out of the framework. */
    void uninstall() throws Exception;

    /** Numbers of the bundles that are wired to it. */
    Set<Long> dependents();
}
