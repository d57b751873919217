package org.cardcage.pci;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a driver does when its device, or another one behind the same bridge, has had an error (Linux {@code struct
 * pci_error_handlers}, {@code Documentation/PCI/pci-error-recovery.rst}). The calls come in the order of the methods: {@link
 * #errorDetected}, then either {@link #mmioEnabled} or after a reset {@link #slotReset}, then {@link #resume}. Each step is
 * taken with all drivers concerned before the next one; what they answer together decides which one that is.
 *
 * <p>Threads: the device's, one call at a time. What a call throws counts as {@link Result#DISCONNECT}.
 */
@ConsumerType
public interface PciErrorHandlers {

    /** Whether the device can be talked to (Linux {@code pci_channel_state_t}). */
    enum ChannelState {
        /** As usual. */
        IO_NORMAL,
        /** Not before a reset: reads may give all ones, DMA is not to be trusted. */
        IO_FROZEN,
        /** Never again; the device is given up. */
        PERM_FAILURE
    }

    /** What a driver says to that (Linux {@code pci_ers_result_t}). */
    enum Result {
        /** No opinion. */
        NONE,
        /** It can go on without a reset. */
        CAN_RECOVER,
        /** It wants a reset. */
        NEED_RESET,
        /** It gives the device up. */
        DISCONNECT,
        /** It works again. */
        RECOVERED
    }

    /** An error has been seen: no more input and output, please. */
    Result errorDetected(PciDevice dev, ChannelState state) throws Exception;

    /** Registers can be read again, to find out what has happened; no DMA yet. */
    default Result mmioEnabled(PciDevice dev) throws Exception {
        return Result.NONE;
    }

    /** The device has been reset and its configuration is as it was before; the driver sets it up anew. */
    default Result slotReset(PciDevice dev) throws Exception {
        return Result.NONE;
    }

    /** All is well again. */
    default void resume(PciDevice dev) throws Exception {}

    /** Somebody is about to reset the device by {@link PciDevice#reset}: it must be quiet. */
    default void resetPrepare(PciDevice dev) throws Exception {}

    /** That has been done, the configuration is as it was before. */
    default void resetDone(PciDevice dev) throws Exception {}
}
