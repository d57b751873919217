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

    /** Property {@code root_buses}: further root buses. */
    @AttributeDefinition(
            name = "Root buses",
            description =
                    "Root buses beside 0000:00, each as domain:bus or bus, hexadecimal, as in 0:80, and after it the"
                            + " addresses that go there, as in 0:80 mem c0000000-cfffffff port 8000-9fff",
            required = false)
    String[] root__buses() default {};

    /** Property {@code firmware_has_run}. */
    @AttributeDefinition(
            name = "Firmware has run",
            description = "Whether the cards have their addresses already, so that firmware gives them none")
    boolean firmware__has__run() default false;

    /** Bridges that belong to the board. */
    @AttributeDefinition(
            name = "Bridges",
            required = false,
            description = "Bridges of the board, each before what is behind it, as in 00:1c.0=pcie-root-port; kinds are"
                    + " pci-bridge, pcie-root-port, x3130-upstream, xio3130-downstream, pcie-pci-bridge and isa-bridge")
    String[] bridges() default {};

    /** Property {@code physical_slots}. */
    @AttributeDefinition(
            name = "Numbers of slots",
            required = false,
            description = "The numbers at the slots, as firmware tells them, each as in 00:04.0=4")
    String[] physical__slots() default {};

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
