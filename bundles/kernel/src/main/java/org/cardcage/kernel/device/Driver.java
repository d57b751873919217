package org.cardcage.kernel.device;

import java.util.Optional;
import java.util.Set;
import org.cardcage.kernel.kobject.AttributeOwner;
import org.cardcage.kernel.kobject.KObject;
import org.cardcage.kernel.module.KernelModule;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A driver as the driver core knows it (Linux {@code struct device_driver}); a bus makes one around each driver of its own
 * kind.
 *
 * <p>Threads: {@link #probe}, {@link #remove} and {@link #quiesce} run on the lane of the device, one at a time per device; {@link
 * #quiesce} also beside one of the others if that does not end. {@link #matches} runs anywhere, under a lock, and must not call foreign code.
 */
@ConsumerType
public interface Driver {

    /** As shown by {@code lspci -k}. */
    String name();

    /** The bus whose devices it is for, as {@link Device#busName}. */
    String busName();

    /** Shows what can be read and written in its directory below {@code /sys/bus}; nothing unless overridden. */
    default void showAttributes(KObject object, AttributeOwner owner) {}

    /** The module whose code it is. */
    KernelModule module();

    /** Whether its id table has the device. */
    boolean matches(Device device);

    /**
     * What exactly it is for: the {@link Device#matchKey} of each device that it can match, so that it is not asked about
     * others; empty if only {@link #matches} can tell. Called as {@link #matches} is; asked for again only after {@link
     * DriverCore#driverChanged}.
     */
    default Optional<Set<?>> matchKeys() {
        return Optional.empty();
    }

    /**
     * Takes the device.
     *
     * @throws Exception a {@link org.cardcage.kernel.KernelException} whose errno says why not; anything else is an oops
     */
    void probe(Device device) throws Exception;

    /**
     * Leaves the device. All nodes are gone and nobody is inside; the hardware still answers, unless it has gone. After {@link
     * org.cardcage.kernel.Kernel#removeTimeout} it is taken away: each use is ENODEV then.
     */
    void remove(Device device) throws Exception;

    /**
     * After {@link #remove} or a failed probe: the bus makes the hardware silent. Called before the interrupts are given
     * back and once more afterwards; likewise when the device is taken from a driver that has not left in time.
     */
    void quiesce(Device device);
}
