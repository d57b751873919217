package org.cardcage.edu.device.internal.osgi;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of one EDU card; factory PID {@code org.cardcage.edu.device}. */
@ObjectClassDefinition(name = "EDU card", description = "QEMU's teaching device in a slot of the board")
public @interface EduConfiguration {

    /** Where the card goes. */
    @AttributeDefinition(
            name = "Slot",
            description = "Place on the board, [[domain:]bus:]device[.function], as in 00:04.0")
    String slot();

    /** Property {@code factorial_delay}. */
    @AttributeDefinition(name = "Factorial delay", description = "Milliseconds until a factorial is there", min = "0")
    long factorial__delay() default 0;

    /** Property {@code dma_delay}. */
    @AttributeDefinition(name = "DMA delay", description = "Milliseconds that a DMA transfer takes", min = "0")
    long dma__delay() default 100;

    /** Property {@code dma_mask}. */
    @AttributeDefinition(
            name = "DMA mask",
            description = "Bits of a bus address that the card drives, decimal or hexadecimal with 0x")
    String dma__mask() default "0x0fffffff";
}
