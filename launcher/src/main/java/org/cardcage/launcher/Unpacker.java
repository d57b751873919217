package org.cardcage.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureArtifact;
import org.osgi.service.feature.FeatureExtension;

/** Lays out, for one run, what the system wants to see as files: the module jars and the shell's profile. */
final class Unpacker {
    /** The extension of the feature that lists modules: artifacts, each with the name of its module. */
    static final String MODULES = "cardcage-modules";

    private final Distribution distribution;

    Unpacker(Distribution distribution) {
        this.distribution = distribution;
    }

    void unpack(Feature system, Path run) throws IOException {
        Path modules = Files.createDirectories(run.resolve("modules"));
        FeatureExtension listed = system.getExtensions().get(MODULES);
        if (listed != null) {
            for (FeatureArtifact module : listed.getArtifacts()) {
                try (InputStream jar = distribution.bundle(module.getID())) {
                    Files.copy(jar, modules.resolve(module.getMetadata().get("module") + ".jar"));
                }
            }
        }
        Path profile = Files.createDirectories(run.resolve("etc")).resolve("gosh_profile");
        try (InputStream text = distribution.open("etc/gosh_profile")) {
            Files.copy(text, profile);
        }
    }
}
