package org.cardcage.edu.device;

import org.cardcage.machine.IoMemory;

/**
 * The part of RAM where the recorder looked for messages: filled with a byte that no message has, and again after each
 * look.
 *
 * @param start physical address
 * @param length in bytes, a multiple of 4
 */
record MessageWindow(long start, int length) {

    private static final int MARK = 0xa5a5a5a5;

    void fill(IoMemory ram) {
        for (int i = 0; i < length; i += Integer.BYTES) {
            ram.write32(start + i, MARK);
        }
    }

    /** The messages since the last look, as a recording writes them. */
    String take(IoMemory ram) {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < length; i += Integer.BYTES) {
            int data = ram.read32(start + i);
            if (data != MARK) {
                text.append(text.length() > 1 ? "," : "");
                text.append(String.format("[\"0x%x\",\"0x%x\"]", start + i, data));
                ram.write32(start + i, MARK);
            }
        }
        return text.append(']').toString();
    }
}
