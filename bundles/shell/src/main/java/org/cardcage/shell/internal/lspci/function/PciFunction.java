package org.cardcage.shell.internal.lspci.function;

import java.util.List;
import java.util.Optional;

/**
 * A snapshot of a function as {@code lspci} sees it.
 *
 * @param slot where it sits
 * @param identity who it is
 * @param config its configuration space
 * @param resources what the kernel has made of its registers; empty for a dump, and for the view from the bus
 * @param physicalSlot name of the slot that it is in
 * @param driver the driver that is bound to it
 * @param modules modules that know it
 */
public record PciFunction(
        Slot slot,
        Identity identity,
        ConfigBytes config,
        Optional<Resources> resources,
        Optional<String> physicalSlot,
        Optional<String> driver,
        List<String> modules) {

    /** A function of which nothing but its configuration space is known. */
    public static PciFunction ofDump(Slot slot, ConfigBytes config) {
        return new PciFunction(
                slot, Identity.of(config), config, Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }

    /** The same function as the bus sees it: addresses and interrupt line out of its registers ({@code -b}). */
    public PciFunction seenFromBus() {
        return new PciFunction(slot, identity, config, Optional.empty(), physicalSlot, driver, modules);
    }

    /** What its base address registers decode, by index: as the kernel knows it, else as they say. */
    public List<Resources.Region> bars() {
        return resources.map(Resources::bars).orElseGet(() -> Bars.regions(config));
    }

    /** Whether not even the header can be read. */
    public boolean isUnreadable() {
        return !config.has(0, ConfigBytes.HEADER);
    }
}
