package org.cardcage.session;

import aQute.bnd.osgi.Builder;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.osgi.framework.Constants;

/** Puts the module files of the recorded machine, good and broken ones, into a state directory. */
final class TestModules {

    private static final String PACKAGES = "org.cardcage.session.modules.";

    private TestModules() {}

    /**
     * @param root becomes {@code /root}
     * @param modules becomes {@code /lib/modules/RELEASE}, over what is shipped
     */
    static void install(Path root, Path modules) throws Exception {
        Files.createDirectories(root);
        Files.createDirectories(modules);
        byte[] edu = module("edu", Map.of());
        byte[] dependent = module("edudep", Map.of());
        Files.write(root.resolve("edu.jar"), edu);
        Files.write(modules.resolve("edu.jar"), edu);
        Files.write(root.resolve("edudep.jar"), dependent);
        Files.write(modules.resolve("edudep.jar"), dependent);
        Files.write(
                root.resolve("edu-otherkernel.jar"),
                module("edu", Map.of(Constants.IMPORT_PACKAGE, "org.cardcage.kernel;version=\"[9,10)\",*")));
        Files.writeString(root.resolve("garbage.jar"), "garbage\n");
        Files.write(root.resolve("empty.jar"), new byte[0]);
        Files.write(root.resolve("trunc.jar"), Arrays.copyOf(edu, edu.length / 2));
        Files.createDirectory(root.resolve("dir.jar"));
    }

    private static byte[] module(String name, Map<String, String> instructions) throws Exception {
        try (Builder builder = new Builder()) {
            builder.addClasspath(
                    Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                            .map(File::new)
                            .filter(File::exists)
                            .toList());
            builder.setProperty(Constants.BUNDLE_SYMBOLICNAME, "recorded." + name);
            builder.setProperty(
                    "-privatepackage", PACKAGES + name + (name.equals("edu") ? ",org.cardcage.edu.driver" : ""));
            // The shipped driver is in there as a class only, not as a module of its own.
            builder.setProperty("-bundleannotations", PACKAGES + "*");
            builder.setProperty("-dsannotations", PACKAGES + "*");
            instructions.forEach(builder::setProperty);
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            builder.build().write(content);
            if (!builder.getErrors().isEmpty()) {
                throw new IllegalStateException(builder.getErrors().toString());
            }
            return content.toByteArray();
        }
    }
}
