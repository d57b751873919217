package org.cardcage.shell.internal.lspci;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.cardcage.kernel.KernelException;
import org.cardcage.shell.internal.command.ErrorText;
import org.cardcage.shell.internal.command.FileReader;
import org.cardcage.shell.internal.command.Invocation;
import org.cardcage.shell.internal.lspci.function.DumpReader;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.vfs.SystemCalls;

/** A dump in a file of our tree. */
final class DumpFile {

    private DumpFile() {}

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if it cannot be opened or is none, with pciutils' words
     */
    static List<PciFunction> read(SystemCalls kernel, Invocation call, String file) throws IOException {
        try (InputStream in = FileReader.open(kernel, call, file)) {
            return DumpReader.read(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (KernelException e) {
            throw new IllegalArgumentException("dump: Cannot open " + file + ": " + ErrorText.of(e), e);
        } catch (DumpReader.BadDumpException e) {
            throw new IllegalArgumentException("dump: " + e.getMessage(), e);
        }
    }
}
