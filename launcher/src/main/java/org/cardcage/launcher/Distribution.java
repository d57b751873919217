package org.cardcage.launcher;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.osgi.service.feature.ID;

/** What is shipped inside the launcher's jar: feature files, {@code etc/} and, as nested jars, the bundles. */
class Distribution {
    /** The jar that we were started from. */
    static Distribution shipped() {
        return new Distribution();
    }

    /** The resource of this name, relative to the root of the jar. */
    Optional<InputStream> find(String name) {
        return Optional.ofNullable(Distribution.class.getResourceAsStream("/" + name));
    }

    final InputStream open(String name) throws IOException {
        return find(name).orElseThrow(() -> new FileNotFoundException(name + " is not in the distribution"));
    }

    final Reader text(String name) throws IOException {
        return new InputStreamReader(open(name), StandardCharsets.UTF_8);
    }

    /** Nested jars lie flat, {@code artifactId-version.jar}. */
    final InputStream bundle(ID id) throws IOException {
        return open("bundles/" + id.getArtifactId() + "-" + id.getVersion() + ".jar");
    }

    /** Properties of the framework that go with the bundles. */
    final Map<String, String> frameworkProperties() throws IOException {
        Properties properties = new Properties();
        try (Reader text = text("framework.properties")) {
            properties.load(text);
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }

    static String release() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Distribution.class.getResourceAsStream("release.properties")) {
            properties.load(in);
        }
        return properties.getProperty("release");
    }
}
