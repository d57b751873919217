package org.cardcage.kernel.internal.osgi;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the kernel; PID {@code org.cardcage.kernel}. */
@ObjectClassDefinition(name = "Kernel", description = "What the kernel can be told")
public @interface KernelConfiguration {

    /** Property {@code remove_timeout}. */
    @AttributeDefinition(
            name = "Remove time-out",
            description =
                    "Milliseconds that a removal waits for those who are inside a driver before it goes on without them",
            min = "0")
    long remove__timeout() default 10_000;
}
