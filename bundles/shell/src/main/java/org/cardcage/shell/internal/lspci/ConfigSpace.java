package org.cardcage.shell.internal.lspci;

/** Read access to the configuration space of one function. */
@FunctionalInterface
public interface ConfigSpace {

    /**
     * @param offset 0 to 4095, a multiple of {@code size}
     * @param size 1, 2 or 4 bytes
     * @return the value, zero-extended; all ones if the function is gone
     */
    int read(int offset, int size);
}
