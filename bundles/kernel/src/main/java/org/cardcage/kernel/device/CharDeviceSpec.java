package org.cardcage.kernel.device;

import java.util.Optional;
import org.cardcage.kernel.module.KernelModule;

/**
 * What a character device shall be.
 *
 * @param name of the node below {@code /dev}
 * @param deviceClass its directory below {@code /sys/class}
 * @param mode permission bits, as in 0600
 * @param alias name of a link to the first device with this alias
 * @param parent the device behind it
 * @param module the module whose code the operations are
 * @param operations what the node does
 */
public record CharDeviceSpec(
        String name,
        String deviceClass,
        int mode,
        Optional<String> alias,
        Optional<Device> parent,
        Optional<KernelModule> module,
        NodeOperations operations) {

    /** A device of the kernel itself. */
    public static CharDeviceSpec of(String name, String deviceClass, int mode, NodeOperations operations) {
        return new CharDeviceSpec(
                name, deviceClass, mode, Optional.empty(), Optional.empty(), Optional.empty(), operations);
    }
}
