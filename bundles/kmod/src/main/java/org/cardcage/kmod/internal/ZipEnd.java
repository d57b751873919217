package org.cardcage.kmod.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.ZipInputStream;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/** Looks at the end of an archive, where half a file shows (PKWARE APPNOTE 4.3.16), and at its sums. */
public final class ZipEnd {

    private static final int SIGNATURE = 0x06054b50;
    /** Bytes of the record without its comment. */
    private static final int LENGTH = 22;
    /** Offset of the size of the directory in the record; 32 bits, followed by the directory's offset in the file. */
    private static final int DIRECTORY_SIZE = 12;
    /** Offset of the length of the comment; 16 bits. */
    private static final int COMMENT_LENGTH = 20;

    private ZipEnd() {}

    /** Whether the content ends with the record that ends an archive, and the directory before it is there. */
    public static boolean isWhole(byte[] content) {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = content.length - LENGTH; at >= Math.max(0, content.length - LENGTH - 0xffff); at--) {
            if (bytes.getInt(at) == SIGNATURE
                    && at + LENGTH + Short.toUnsignedInt(bytes.getShort(at + COMMENT_LENGTH)) == content.length) {
                long size = Integer.toUnsignedLong(bytes.getInt(at + DIRECTORY_SIZE));
                long offset = Integer.toUnsignedLong(bytes.getInt(at + DIRECTORY_SIZE + 4));
                return offset + size <= at;
            }
        }
        return false;
    }

    /**
     * Reads all of an archive, which checks the sums of its entries.
     *
     * @throws KernelException ENOEXEC if something in it is not as it was when it was written
     */
    static void requireIntact(byte[] content) {
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(content))) {
            while (in.getNextEntry() != null) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new KernelException(Errno.ENOEXEC, "not a module: the archive is damaged: " + e.getMessage(), e);
        }
    }
}
