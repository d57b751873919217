package org.cardcage.vfs;

import org.cardcage.machine.IoMemory;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Registers of a device in the hands of a program ({@code mmap(2)}). The file stays in use until this is closed, even if it is
 * closed itself.
 *
 * <p>Threads: any.
 */
@ProviderType
public interface FileMapping extends AutoCloseable {

    /** The registers; all ones once the device has gone, ENODEV once its driver has left. */
    IoMemory memory();

    /** Gives it back ({@code munmap(2)}). A second call changes nothing. */
    @Override
    void close();
}
