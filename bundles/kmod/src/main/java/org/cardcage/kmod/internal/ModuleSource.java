package org.cardcage.kmod.internal;

import java.util.List;
import org.cardcage.kmod.ModuleFile;

/**
 * What a module is loaded out of, kept while it is loaded so that it can be brought back as it was.
 *
 * @param file what the content says of itself
 * @param content of the file, not changed by anybody
 * @param parameters as {@code insmod} takes them
 * @param deployed whether a file of the deploy folder wants it to be loaded, not somebody's {@code insmod}
 */
record ModuleSource(ModuleFile file, byte[] content, List<String> parameters, boolean deployed) {}
