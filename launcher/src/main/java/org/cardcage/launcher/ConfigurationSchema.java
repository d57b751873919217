package org.cardcage.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.service.feature.FeatureConfiguration;

/**
 * What can be configured: the metatypes of the bundles (OSGi Compendium, chapter 105). A component that describes no
 * configuration takes any key. Nothing of a bundle needs to have started.
 */
final class ConfigurationSchema {

    /** Keys by their names. */
    private final SortedMap<String, Map<String, ConfigurationKey>> single = new TreeMap<>();

    private final SortedMap<String, Map<String, ConfigurationKey>> factories = new TreeMap<>();
    private final Collection<Bundle> bundles;

    ConfigurationSchema(Collection<Bundle> bundles) throws StartException {
        this.bundles = bundles;
        for (Bundle bundle : bundles) {
            MetatypeReader.read(bundle, single, factories);
        }
    }

    /** What is wrong, a line each. */
    List<String> complaints(Collection<FeatureConfiguration> configurations) throws StartException {
        List<String> all = new ArrayList<>();
        for (FeatureConfiguration configuration : configurations) {
            check(configuration, all);
        }
        return all;
    }

    private void check(FeatureConfiguration configuration, List<String> complaints) throws StartException {
        String pid = configuration.getPid();
        String factory = configuration.getFactoryPid().orElse(null);
        Map<String, ConfigurationKey> keys = factory == null ? single.get(pid) : factories.get(factory);
        if (keys == null) {
            if (!MetatypeReader.componentPids(bundles).contains(Objects.requireNonNullElse(factory, pid))) {
                complaints.add(pid + ": there is nothing of this name to configure; there is " + known());
            }
            return;
        }
        configuration.getValues().forEach((name, value) -> {
            ConfigurationKey key = keys.get(name);
            if (key == null) {
                complaints.add(pid + ": unknown key \"" + name + "\"; known are " + String.join(", ", keys.keySet()));
            } else {
                key.complaint(value).ifPresent(why -> complaints.add(pid + ": " + name + " " + why));
            }
        });
        keys.values().stream()
                .filter(key -> key.required() && !configuration.getValues().containsKey(key.name()))
                .forEach(key -> complaints.add(pid + ": " + key.name() + " is missing: " + key.description()));
    }

    private String known() {
        List<String> all = new ArrayList<>(single.keySet());
        factories.keySet().forEach(pid -> all.add(pid + "~NAME"));
        return String.join(", ", all);
    }
}
