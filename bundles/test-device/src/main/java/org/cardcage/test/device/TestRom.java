package org.cardcage.test.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.cardcage.device.ExpansionRom;

/** The expansion ROM: one image with a valid header and data structure (PCI 3.0 section 6.3.1) and a text instead of code. */
final class TestRom {

    static final String TEXT = "Cardcage test card";

    private static final int SIZE = 2 << 10;
    private static final int UNIT = 512;
    private static final int SIGNATURE = 0xaa55;
    private static final int DATA_POINTER = 0x18;
    private static final int DATA = 0x1c;
    private static final int DATA_LENGTH = 0x18;
    private static final int TEXT_AT = 0x40;
    private static final byte LAST_IMAGE = (byte) 0x80;
    private static final byte NO_CODE_OF_A_PC = (byte) 0xff;

    private TestRom() {}

    static ExpansionRom of(int vendorId, int deviceId, int classCode) {
        ByteBuffer image = ByteBuffer.allocate(UNIT).order(ByteOrder.LITTLE_ENDIAN);
        image.putShort(0, (short) SIGNATURE);
        image.putShort(DATA_POINTER, (short) DATA);
        image.position(DATA);
        image.put("PCIR".getBytes(StandardCharsets.US_ASCII));
        image.putShort((short) vendorId).putShort((short) deviceId);
        image.putShort((short) 0).putShort((short) DATA_LENGTH).put((byte) 0);
        image.put((byte) classCode).putShort((short) (classCode >>> 8));
        image.putShort((short) (UNIT / 512)).putShort((short) 1);
        image.put(NO_CODE_OF_A_PC).put(LAST_IMAGE);
        image.position(TEXT_AT);
        image.put(TEXT.getBytes(StandardCharsets.US_ASCII));
        return new ExpansionRom(SIZE, image.rewind());
    }
}
