package org.cardcage.passive.device.internal.osgi;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of one function; factory PID {@code org.cardcage.passive.device}. */
@ObjectClassDefinition(name = "Passive card", description = "A function that is a dump of its configuration space")
public @interface PassiveConfiguration {

    /** Where the function goes. */
    @AttributeDefinition(
            name = "Slot",
            description =
                    "Place on the board, as in 00:05.0 or 00:1c.0/00.0; a card with several functions has a configuration"
                            + " for each")
    String slot();

    /** Rows of {@code lspci -x}. */
    @AttributeDefinition(
            name = "Configuration space",
            description = "Rows as lspci -xxxx prints them, such as \"00: 86 80 00 70\"; what is left out is 0")
    String[] config();

    /** Sizes of the BARs. */
    @AttributeDefinition(
            name = "BARs",
            description = "Size of each BAR, as in 0=128K, and of the expansion ROM, as in rom=64K",
            required = false)
    String[] bars() default {};

    /** Whether firmware has run. */
    @AttributeDefinition(
            name = "Settled",
            description =
                    "Whether it keeps addresses and bus numbers as in the dump, for a machine whose firmware has run")
    boolean settled() default false;
}
