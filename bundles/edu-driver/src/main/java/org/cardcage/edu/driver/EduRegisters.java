package org.cardcage.edu.driver;

/** Offsets and bits of the EDU card's registers (QEMU {@code docs/specs/edu.rst}). */
final class EduRegisters {

    /** Identification: version in the upper half, 0xed in the lowest byte. */
    static final int ID = 0x00;

    /** Operand in, factorial out. */
    static final int FACTORIAL = 0x08;

    static final int STATUS = 0x20;
    static final int STATUS_COMPUTING = 0x01;
    static final int STATUS_IRQ_WHEN_DONE = 0x80;

    /** Pending interrupt bits. */
    static final int IRQ_STATUS = 0x24;

    /** Clears the bits written. */
    static final int IRQ_ACKNOWLEDGE = 0x64;

    static final int IRQ_FACTORIAL = 0x01;

    static final int ID_MARK = 0xed;
    static final int ID_MARK_MASK = 0xff;

    /** What every register reads when the card has been pulled. */
    static final int GONE = 0xffff_ffff;

    private EduRegisters() {}
}
