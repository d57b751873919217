package org.cardcage.shell.internal.lspci;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.cardcage.shell.internal.lspci.function.DumpReader;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.PciIds;

/** What lspci has printed on a recorded machine. */
public final class Recordings {

    private final String machine;

    /** @param machine {@code pc} or {@code q35} */
    public Recordings(String machine) {
        this.machine = machine;
    }

    /** A recording as it is. */
    String whole(String file) {
        return resource(machine + "/" + file + ".txt");
    }

    /** The output of the command, without the remark at its head. */
    public String text(String file) {
        String text = whole(file);
        return text.substring(text.indexOf('\n') + 1);
    }

    /** The functions of the machine, as the dump shows them. */
    public List<PciFunction> functions() {
        return functions("lspci-xxxx.loaded");
    }

    /** The functions of the machine, as one of its dumps shows them. */
    List<PciFunction> functions(String dump) {
        try {
            return DumpReader.read(text(dump));
        } catch (DumpReader.BadDumpException e) {
            throw new AssertionError(e);
        }
    }

    /** The names that the machines need, out of the database with which they were recorded. */
    static PciIds ids() {
        try (Reader in = new InputStreamReader(
                Recordings.class.getResourceAsStream("/lspci/pci.ids"), StandardCharsets.ISO_8859_1)) {
            return PciIds.parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String resource(String name) {
        try (InputStream in = Recordings.class.getResourceAsStream("/lspci/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
