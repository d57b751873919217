package org.cardcage.shell.internal.lspci;

import org.cardcage.shell.internal.lspci.function.ConfigBytes;
import org.cardcage.shell.internal.lspci.function.PciFunction;

/** The bytes of a configuration space, 16 in a line. */
final class HexText {

    private static final int LINE = 16;
    private static final int CARDBUS_HEADER = 128;
    private static final int STANDARD = 256;
    private static final int EXTENDED = 4096;

    private HexText() {}

    /** @param level 1 for the header, 3 for 256 bytes, 4 for all; less if they cannot be read */
    static void print(PciFunction f, int level, StringBuilder out) {
        if (f.isUnreadable()) {
            out.append("WARNING: Cannot show hex-dump of the config space\n");
            return;
        }
        ConfigBytes config = f.config();
        int count = length(config, level);
        for (int i = 0; i < count; i++) {
            if (i % LINE == 0) {
                out.append(String.format("%02x:", i));
            }
            hex(out.append(' '), config.u8(i));
            if (i % LINE == LINE - 1) {
                out.append('\n');
            }
        }
    }

    private static void hex(StringBuilder out, int value) {
        out.append(Character.forDigit(value >> 4, 16)).append(Character.forDigit(value & 0xf, 16));
    }

    private static int length(ConfigBytes config, int level) {
        if (level >= 4 && config.has(0, EXTENDED)) {
            return EXTENDED;
        }
        if (level >= 3 && config.has(0, STANDARD)) {
            return STANDARD;
        }
        return config.headerType() == 2 && config.has(0, CARDBUS_HEADER) ? CARDBUS_HEADER : ConfigBytes.HEADER;
    }
}
