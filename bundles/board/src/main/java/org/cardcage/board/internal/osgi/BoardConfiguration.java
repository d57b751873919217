package org.cardcage.board.internal.osgi;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Configuration of the board; PID {@code org.cardcage.board}. */
@ObjectClassDefinition(name = "Board", description = "The emulated PCI machine")
public @interface BoardConfiguration {

    /** Name of the machine. */
    @AttributeDefinition(name = "Name", description = "Name of the machine, for people")
    String name() default "pc";

    /** RAM in MiB. */
    @AttributeDefinition(name = "RAM", description = "Size of RAM in MiB", min = "1", max = "262144")
    long ram() default 256;

    /** Virtual CPUs. */
    @AttributeDefinition(
            name = "CPUs",
            description = "Number of virtual CPUs that take interrupts",
            min = "1",
            max = "255")
    int cpus() default 1;

    /** Chipset functions. */
    @AttributeDefinition(
            name = "Chipset",
            description = "Functions that the board brings along",
            options = {@Option(label = "440FX and PIIX3", value = "440fx"), @Option(label = "none", value = "none")})
    String chipset() default "440fx";

    /** Property {@code bus_policy}. */
    @AttributeDefinition(
            name = "Bus policy",
            description = "What the bus answers where nothing does",
            options = {
                @Option(label = "all ones, as real PCI", value = "pci"),
                @Option(label = "zeros, as QEMU", value = "qemu")
            })
    String bus__policy() default "pci";
}
