package org.cardcage.pci.internal;

import org.cardcage.pci.PciResource;

/** The flags of a resource as Linux numbers them ({@code include/linux/ioport.h}); the low bits are those of the register. */
final class ResourceFlags {

    private static final long IO = 0x100;
    private static final long MEMORY = 0x200;
    private static final long PREFETCHABLE = 0x2000;
    private static final long READ_ONLY = 0x4000;
    private static final long SIZE_ALIGNED = 0x40000;
    private static final long WIDE = 0x100000;
    private static final long REGISTER_IO = 1;
    private static final long REGISTER_WIDE = 4;
    private static final long REGISTER_WIDE_WINDOW = 1;
    private static final long REGISTER_PREFETCHABLE = 8;

    private ResourceFlags() {}

    static long of(PciResource resource) {
        if (resource.isWindow()) {
            return ofWindow(resource);
        }
        if (resource.bar() == PciResource.ROM) {
            return MEMORY | PREFETCHABLE | READ_ONLY | SIZE_ALIGNED;
        }
        long flags = SIZE_ALIGNED;
        if (resource.io()) {
            return flags | IO | REGISTER_IO;
        }
        flags |= MEMORY;
        flags |= resource.wide() ? WIDE | REGISTER_WIDE : 0;
        return flags | (resource.prefetchable() ? PREFETCHABLE | REGISTER_PREFETCHABLE : 0);
    }

    /** A window is where it is and has no size of its own to be aligned to. */
    private static long ofWindow(PciResource window) {
        if (window.io()) {
            return IO | REGISTER_IO;
        }
        return MEMORY | (window.prefetchable() ? PREFETCHABLE : 0) | (window.wide() ? WIDE | REGISTER_WIDE_WINDOW : 0);
    }
}
