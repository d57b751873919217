package org.cardcage.shell.internal.lspci;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.shell.internal.command.ErrorText;
import org.cardcage.shell.internal.command.Invocation;
import org.cardcage.shell.internal.lspci.function.DumpReader;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.vfs.SystemCalls;

/** A dump in a file of our tree. */
final class DumpFile {

    private DumpFile() {}

    /**
     * Reads it, the functions as they come.
     *
     * @throws IllegalArgumentException if it cannot be opened or is none, with pciutils' words
     */
    static List<PciFunction> read(SystemCalls kernel, Invocation call, String file) throws IOException {
        try {
            return DumpReader.readInOrder(new String(WholeFile.read(kernel, call, file), StandardCharsets.ISO_8859_1));
        } catch (KernelException e) {
            if (KernelException.errnoOf(e).filter(n -> n == Errno.EISDIR).isPresent()) {
                // it can be opened, and then there is nothing in it
                return List.of();
            }
            throw new IllegalArgumentException("dump: Cannot open " + file + ": " + ErrorText.of(e), e);
        } catch (DumpReader.BadDumpException e) {
            throw new IllegalArgumentException("dump: " + e.getMessage(), e);
        }
    }
}
