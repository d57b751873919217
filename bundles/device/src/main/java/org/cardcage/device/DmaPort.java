package org.cardcage.device;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Memory as a bus master sees it. May be slow, remote, or fail.
 *
 * <p>Threads: any; blocks until the transfer is done.
 */
@ProviderType
public interface DmaPort {

    /**
     * Fills the remaining space of {@code to} from bus address {@code address}. Bytes that nothing answers for, all of
     * them if bus mastering is off, become what the machine's bus gives.
     *
     * @return whether all bytes were answered for
     */
    boolean read(long address, ByteBuffer to);

    /**
     * Writes the remaining bytes of {@code from} to bus address {@code address}. Bytes that nothing takes are lost.
     *
     * @return whether all bytes were taken
     */
    boolean write(long address, ByteBuffer from);
}
