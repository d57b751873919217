package org.cardcage.edu.uapi;

/** Commands of {@code /dev/eduN}, in the encoding of Linux on x86-64, type {@code 'E'}. */
public final class EduIoctl {

    /**
     * Reads the identification register: {@code _IOR('E', 1, u32)}. Returns 0; the output record is the 32-bit value.
     */
    public static final int GET_ID = 0x80044501;

    /**
     * Computes a factorial and waits for it: {@code _IOWR('E', 2, struct)} with the record of {@link CalcFact}. Returns 0.
     */
    public static final int CALC_FACT = 0xc0084502;

    private EduIoctl() {}
}
