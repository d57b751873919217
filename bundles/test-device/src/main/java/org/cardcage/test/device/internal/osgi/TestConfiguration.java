package org.cardcage.test.device.internal.osgi;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of one function of a test card; factory PID {@code org.cardcage.test.device}. */
@ObjectClassDefinition(name = "Test card", description = "What machines and drivers are tested with")
public @interface TestConfiguration {

    /** Where the function goes. */
    @AttributeDefinition(
            name = "Slot",
            description =
                    "Place on the board, as in 00:05.0; a card with several functions has a configuration for each")
    String slot();

    /** Property {@code express}. */
    @AttributeDefinition(name = "PCI Express", description = "Whether it is a PCI Express card")
    boolean express() default false;

    /** Property {@code memory}. */
    @AttributeDefinition(name = "Memory", description = "KiB of memory on the card, a power of two", min = "4")
    int memory() default 1024;
}
