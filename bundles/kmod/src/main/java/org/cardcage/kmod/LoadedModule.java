package org.cardcage.kmod;

import java.util.List;
import org.cardcage.kernel.module.KernelModule;

/**
 * A line of {@code lsmod} and {@code /proc/modules}.
 *
 * @param name of the module
 * @param size of its file in bytes
 * @param users how often it is in use: open files of its nodes and dependent modules
 * @param usedBy names of the modules that need it
 * @param state where it is in its life
 * @param tainted whether its code has failed
 */
public record LoadedModule(
        String name, long size, int users, List<String> usedBy, KernelModule.State state, boolean tainted) {}
