package org.cardcage.shell.internal.lspci.function;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;

/**
 * The system's PCI ID database, read when it is first asked for: the first of some files that can be read, also compressed,
 * and no names if there is none.
 *
 * <p>Threads: any; {@code this} guards the field.
 */
public final class PciIdsFile implements Supplier<PciIds> {

    /** Where distributions put it. */
    public static final List<Path> USUAL = List.of(
            Path.of("/usr/share/misc/pci.ids"),
            Path.of("/usr/share/misc/pci.ids.gz"),
            Path.of("/usr/share/hwdata/pci.ids"),
            Path.of("/usr/share/hwdata/pci.ids.gz"));

    private final List<Path> files;
    private PciIds ids;

    public PciIdsFile(List<Path> files) {
        this.files = List.copyOf(files);
    }

    @Override
    public synchronized PciIds get() {
        if (ids == null) {
            Optional<Path> file = files.stream().filter(Files::isReadable).findFirst();
            ids = file.map(PciIdsFile::read).orElse(PciIds.EMPTY);
        }
        return ids;
    }

    private static PciIds read(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in) {
            return PciIds.parse(file.toString(), new InputStreamReader(text, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
