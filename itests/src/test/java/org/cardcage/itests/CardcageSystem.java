package org.cardcage.itests;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.ops4j.pax.exam.Option;
import org.osgi.service.feature.FeatureBundle;

/** The system as it is shipped, for Pax Exam: the bundles of the feature file on their start levels. */
public final class CardcageSystem {
    private static final int LAST_LEVEL = 100;
    private static final String QEMU = "org.cardcage.qemu";

    private CardcageSystem() {}

    /** Every bundle of the feature but that for QEMU, and what a test needs; no board and no interactive shell. */
    public static Option system() throws IOException {
        emptyDeployFolder();
        List<Option> options = new ArrayList<>();
        for (FeatureBundle listed : bundles()) {
            if (QEMU.equals(listed.getID().getArtifactId())) {
                continue; // does not start where there is no QEMU
            }
            int level = ((Long) listed.getMetadata().get("start-level")).intValue();
            options.add(bundle(jar(listed.getID().getArtifactId())).startLevel(level));
        }
        options.add(frameworkStartLevel(LAST_LEVEL));
        Properties properties = new Properties();
        try (Reader text = resource("/framework.properties")) {
            properties.load(text);
        }
        properties.forEach(
                (name, value) -> options.add(frameworkProperty(name.toString()).value(value)));
        options.add(frameworkProperty("cardcage.state").value(state().toString()));
        options.add(frameworkProperty("gosh.home").value(goshHome()));
        options.add(systemProperty("org.jline.terminal.dumb").value("true"));
        options.add(junitBundles());
        return composite(options.toArray(Option[]::new));
    }

    /** URL of a jar of this build, by its artifact's name. */
    public static String jar(String artifact) {
        return Path.of(System.getProperty("cardcage.bundles"), artifact + ".jar")
                .toUri()
                .toString();
    }

    /** The state directory, which all systems have in common. */
    static Path state() {
        return Path.of(System.getProperty("cardcage.bundles")).resolveSibling("state");
    }

    /** A run that was killed leaves there what the next one would load. */
    private static void emptyDeployFolder() throws IOException {
        Path deploy = Files.createDirectories(state().resolve("deploy"));
        try (Stream<Path> left = Files.list(deploy)) {
            for (Path file : left.toList()) {
                Files.delete(file);
            }
        }
    }

    /** Gogo reads {@code etc/gosh_profile} below it. */
    private static String goshHome() throws IOException {
        Path home = Path.of(System.getProperty("cardcage.bundles")).resolveSibling("gosh");
        Files.createDirectories(home.resolve("etc"));
        try (InputStream profile = CardcageSystem.class.getResourceAsStream("/etc/gosh_profile")) {
            Files.copy(profile, home.resolve("etc/gosh_profile"), StandardCopyOption.REPLACE_EXISTING);
        }
        return home.toString();
    }

    /** The bundles of the feature file. */
    static List<FeatureBundle> bundles() throws IOException {
        try (Reader text = resource("/cardcage.json")) {
            return new FeatureServiceImpl().readFeature(text).getBundles();
        }
    }

    private static Reader resource(String name) {
        return new InputStreamReader(CardcageSystem.class.getResourceAsStream(name), StandardCharsets.UTF_8);
    }
}
