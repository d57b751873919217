package org.cardcage.kmod;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes small jars for tests. */
public final class TestJar {

    private final Map<String, String> entries = new LinkedHashMap<>();

    /** A jar whose manifest has these headers, each as {@code Name: value}. */
    public static TestJar withManifest(String... headers) {
        return new TestJar()
                .with("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n" + String.join("\n", headers) + "\n");
    }

    /** A module without code. */
    public static TestJar module(String name, String... headers) {
        String[] all = new String[headers.length + 1];
        all[0] = "Provide-Capability: cardcage.module;cardcage.module=" + name;
        System.arraycopy(headers, 0, all, 1, headers.length);
        return withManifest(all);
    }

    /** One entry more. */
    public TestJar with(String path, String content) {
        entries.put(path, content);
        return this;
    }

    /** The content of the file. */
    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
