package org.cardcage.kernel;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers in C notation as the kernel reads them (Linux {@code kstrtoll}). */
public final class CNumber {

    private static final Pattern FORM =
            Pattern.compile("([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))\\n?", Pattern.DOTALL);

    private CNumber() {}

    /**
     * Reads a decimal, octal ({@code 017}) or hexadecimal ({@code 0x1f}) number with an optional sign and one optional
     * newline behind it.
     *
     * @throws KernelException EINVAL if the text has another form, ERANGE if the number does not fit 64 bits with sign
     */
    public static long parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new KernelException(Errno.EINVAL, "\"" + text.strip() + "\" is no number");
        }
        BigInteger magnitude = m.group(2) != null
                ? new BigInteger(m.group(2).toLowerCase(Locale.ROOT), 16)
                : m.group(3) != null ? new BigInteger(m.group(3), 8) : new BigInteger(m.group(4));
        BigInteger value = m.group(1).equals("-") ? magnitude.negate() : magnitude;
        if (value.bitLength() > 63) {
            throw new KernelException(Errno.ERANGE, "\"" + text.strip() + "\" does not fit 64 bits");
        }
        return value.longValue();
    }

    /**
     * As {@link #parse}, for a number that must fit 32 bits without sign (Linux {@code kstrtou32}).
     *
     * @throws KernelException EINVAL also for a minus sign, ERANGE if it does not fit
     */
    public static int parseUnsigned32(String text) {
        if (text.startsWith("-")) {
            throw new KernelException(Errno.EINVAL, "\"" + text.strip() + "\" is negative");
        }
        long value = parse(text);
        if (value > 0xffff_ffffL) {
            throw new KernelException(Errno.ERANGE, "\"" + text.strip() + "\" does not fit 32 bits");
        }
        return (int) value;
    }
}
