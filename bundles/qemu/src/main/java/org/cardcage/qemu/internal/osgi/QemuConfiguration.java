package org.cardcage.qemu.internal.osgi;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the machine; PID {@code org.cardcage.qemu}. */
@ObjectClassDefinition(name = "QEMU", description = "A PCI machine that is a QEMU process")
public @interface QemuConfiguration {

    /** Name of the machine. */
    @AttributeDefinition(name = "Name", description = "Name of the machine, for people")
    String name() default "qemu";

    /** Arguments of QEMU. */
    @AttributeDefinition(
            name = "Arguments",
            description = "Arguments of QEMU, behind -machine pc -nodefaults -m 256M, as in -device and edu,addr=4",
            required = false)
    String[] arguments() default {};
}
