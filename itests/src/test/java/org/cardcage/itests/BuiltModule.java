package org.cardcage.itests;

import aQute.bnd.osgi.Builder;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import org.osgi.framework.Constants;

/** Makes bundles of the drivers among the test classes. */
final class BuiltModule {
    private BuiltModule() {}

    /** Builds the bundle of a package below this one. Runs outside the framework; returns the URL of the file. */
    static String of(String name) throws Exception {
        return write(name, "test-" + name + ".jar").toUri().toString();
    }

    /** As {@link #of}, with this text as the bundle's file {@code label}; returns the file. */
    static Path labelled(String name, String label) throws Exception {
        return write(name, "test-" + name + "-" + label + ".jar", "-includeresource", "label;literal='" + label + "'");
    }

    /**
     * A copy of a module whose parameters have other first values, for who cannot give them when it is loaded.
     *
     * @param module URL of its file
     * @param fileName of the copy
     * @param assignments as for insmod
     */
    static Path preset(String module, String fileName, List<String> assignments) throws IOException {
        Path copy = Path.of(System.getProperty("cardcage.bundles"), fileName);
        try (JarInputStream in = new JarInputStream(URI.create(module).toURL().openStream())) {
            Attributes main = in.getManifest().getMainAttributes();
            for (String assignment : assignments) {
                String[] parts = assignment.split("=");
                String before = main.getValue(Constants.PROVIDE_CAPABILITY);
                String after = before.replaceFirst(
                        "(cardcage\\.module\\.parameter=" + parts[0] + ";.*?;value=)(\"[^\"]*\"|[^,;]+)",
                        "$1\"" + parts[1] + "\"");
                if (after.equals(before)) {
                    throw new IllegalArgumentException(assignment + " does not change " + before);
                }
                main.putValue(Constants.PROVIDE_CAPABILITY, after);
            }
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy), in.getManifest())) {
                for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    in.transferTo(out);
                }
            }
        }
        return copy;
    }

    /** A bundle of the test classes themselves, for a framework that a test starts; it does without what is not there. */
    static String ofTests() throws Exception {
        Path file = write(
                "tests",
                "test-tests.jar",
                "-privatepackage",
                "org.cardcage.itests",
                Constants.IMPORT_PACKAGE,
                "*;resolution:=optional");
        return file.toUri().toString();
    }

    private static Path write(String name, String fileName, String... instructions) throws Exception {
        Path file = Path.of(System.getProperty("cardcage.bundles"), fileName);
        Files.createDirectories(file.getParent());
        try (Builder builder = new Builder()) {
            builder.addClasspath(
                    Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                            .map(File::new)
                            .filter(File::exists)
                            .toList());
            builder.setProperty(Constants.BUNDLE_SYMBOLICNAME, "test." + name);
            builder.setProperty("-privatepackage", "org.cardcage.itests." + name);
            for (int i = 0; i < instructions.length; i += 2) {
                builder.setProperty(instructions[i], instructions[i + 1]);
            }
            builder.build().write(file.toFile());
            if (!builder.getErrors().isEmpty()) {
                throw new IllegalStateException(builder.getErrors().toString());
            }
        }
        return file;
    }
}
