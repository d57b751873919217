package org.cardcage.passive.device.internal.osgi;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of all functions of a dump; PID {@code org.cardcage.passive.device.dump}. */
@ObjectClassDefinition(
        name = "Passive cards of a dump",
        description = "Functions that are dumps of their configuration space")
public @interface PassiveDumpConfiguration {

    /** One text for each function. */
    @AttributeDefinition(
            name = "Functions",
            description =
                    "For each function a line with its slot and the sizes of its BARs, as in \"00:02.0 0=16M rom=64K\","
                            + " and lines as lspci -xxxx prints them")
    String[] functions();

    /** Whether firmware has run. */
    @AttributeDefinition(
            name = "Settled",
            description =
                    "Whether they keep addresses and bus numbers as in the dump, for a machine whose firmware has run")
    boolean settled() default false;
}
