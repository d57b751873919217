package org.cardcage.launcher;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.osgi.framework.BundleActivator;
import org.osgi.service.feature.Feature;

/** A system of bundles that are made on the spot. */
final class TestDistribution extends Distribution {
    private final Map<String, byte[]> files = new HashMap<>();
    private final List<String> listed = new ArrayList<>();

    /** A bundle with this activator, or none, and more manifest headers. */
    TestDistribution bundle(String name, int level, Class<? extends BundleActivator> activator, String... headers)
            throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        for (int i = 0; i < headers.length; i += 2) {
            main.putValue(headers[i], headers[i + 1]);
        }
        if (activator != null) {
            main.putValue("Bundle-Activator", activator.getName());
            main.putValue("Import-Package", "org.osgi.framework,org.osgi.service.cm;resolution:=optional");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            if (activator != null) {
                String file = activator.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(file));
                try (InputStream code = activator.getClassLoader().getResourceAsStream(file)) {
                    code.transferTo(jar);
                }
            }
        }
        return jar(name, level, bytes.toByteArray());
    }

    /** Gives the bundle a file that describes what of it can be configured. */
    TestDistribution describing(String name, String metatype) throws IOException {
        return file(name, "OSGI-INF/metatype/metatype.xml", metatype);
    }

    /** Puts a text into the jar of a bundle made before. */
    TestDistribution file(String name, String path, String text) throws IOException {
        String jar = "bundles/" + name + "-1.jar";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarInputStream before = new JarInputStream(new ByteArrayInputStream(files.get(jar)));
                JarOutputStream after = new JarOutputStream(bytes, before.getManifest())) {
            for (JarEntry entry = before.getNextJarEntry(); entry != null; entry = before.getNextJarEntry()) {
                after.putNextEntry(new JarEntry(entry.getName()));
                before.transferTo(after);
            }
            after.putNextEntry(new JarEntry(path));
            after.write(text.getBytes(StandardCharsets.UTF_8));
        }
        files.put(jar, bytes.toByteArray());
        return this;
    }

    /** A jar of the class path. */
    TestDistribution library(String name, int level) throws IOException {
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
            if (Path.of(entry).getFileName().toString().startsWith(name + "-")) {
                return jar(name, level, Files.readAllBytes(Path.of(entry)));
            }
        }
        throw new IOException(name + " is not on the class path");
    }

    private TestDistribution jar(String name, int level, byte[] content) {
        files.put("bundles/" + name + "-1.jar", content);
        listed.add("{ \"id\": \"test:" + name + ":1\", \"start-level\": " + level + " }");
        return this;
    }

    Feature feature() {
        String text = "{ \"id\": \"test:system:1\", \"bundles\": [" + String.join(",", listed) + "] }";
        try {
            return new FeatureServiceImpl().readFeature(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    Optional<InputStream> find(String name) {
        return Optional.ofNullable(files.get(name)).map(ByteArrayInputStream::new);
    }
}
