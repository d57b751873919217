package org.cardcage.shell.internal.lspci;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.shell.internal.command.Invocation;
import org.cardcage.shell.internal.lspci.function.PciIds;
import org.cardcage.vfs.SystemCalls;

/** A database of names in a file of our tree, perhaps compressed ({@code -i}). */
final class IdFile {

    private static final String COMPRESSED = ".gz";

    private IdFile() {}

    /** Reads it; one that cannot be read is an empty one, as for pciutils. */
    static PciIds read(SystemCalls kernel, Invocation call, String file) {
        try {
            return parse(file, WholeFile.read(kernel, call, file));
        } catch (IOException | KernelException e) {
            if (KernelException.errnoOf(e).filter(n -> n == Errno.EISDIR).isPresent()) {
                return PciIds.damaged("I/O error at " + file + ", line 0\n");
            }
            return file.endsWith(COMPRESSED)
                    ? read(kernel, call, file.substring(0, file.length() - COMPRESSED.length()))
                    : PciIds.EMPTY;
        }
    }

    private static PciIds parse(String file, byte[] bytes) throws IOException {
        boolean packed = bytes.length > 1 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
        InputStream plain = new ByteArrayInputStream(bytes);
        try (InputStream in = packed ? new GZIPInputStream(plain) : plain) {
            return PciIds.parse(file, new InputStreamReader(in, StandardCharsets.ISO_8859_1));
        }
    }
}
