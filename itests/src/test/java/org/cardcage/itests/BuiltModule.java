package org.cardcage.itests;

import aQute.bnd.osgi.Builder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
