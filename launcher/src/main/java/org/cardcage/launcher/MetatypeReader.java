package org.cardcage.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.osgi.framework.Bundle;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Reads the files in which bundles say what of them can be configured. */
final class MetatypeReader extends DefaultHandler {

    private final Map<String, Map<String, ConfigurationKey>> single;
    private final Map<String, Map<String, ConfigurationKey>> factories;

    /** By the id of the OCD. */
    private final Map<String, Map<String, ConfigurationKey>> described = new HashMap<>();

    private Map<String, ConfigurationKey> keys;
    private ConfigurationKey key;
    private String pid;
    private String factoryPid;

    private MetatypeReader(
            Map<String, Map<String, ConfigurationKey>> single, Map<String, Map<String, ConfigurationKey>> factories) {
        this.single = single;
        this.factories = factories;
    }

    /** Adds what the metatypes of the bundle describe, by PID and by factory PID. */
    static void read(
            Bundle bundle,
            Map<String, Map<String, ConfigurationKey>> single,
            Map<String, Map<String, ConfigurationKey>> factories)
            throws StartException {
        parse(bundle, "OSGI-INF/metatype", new MetatypeReader(single, factories));
    }

    /** The PIDs of all components of Declarative Services. */
    static Set<String> componentPids(Collection<Bundle> bundles) throws StartException {
        Set<String> pids = new HashSet<>();
        for (Bundle bundle : bundles) {
            parse(bundle, "OSGI-INF", new DefaultHandler() {
                @Override
                public void startElement(String uri, String local, String name, Attributes attributes) {
                    String ofComponent = attributes.getValue("configuration-pid");
                    if (ofComponent != null) {
                        pids.addAll(List.of(ofComponent.split(" ")));
                    } else if (name.endsWith(":component")) {
                        pids.add(attributes.getValue("name"));
                    }
                }
            });
        }
        return pids;
    }

    private static void parse(Bundle bundle, String folder, DefaultHandler handler) throws StartException {
        Enumeration<URL> files = bundle.findEntries(folder, "*.xml", false);
        for (URL file : files == null ? List.<URL>of() : Collections.list(files)) {
            try (InputStream text = file.openStream()) {
                SAXParserFactory.newInstance().newSAXParser().parse(text, handler);
            } catch (IOException | SAXException | ParserConfigurationException e) {
                throw new StartException(file.getPath() + " of bundle " + bundle + " cannot be read: " + e, e);
            }
        }
    }

    @Override
    public void startElement(String uri, String local, String name, Attributes attributes) {
        switch (name) {
            case "OCD" -> {
                keys = new LinkedHashMap<>();
                described.put(attributes.getValue("id"), keys);
            }
            case "AD" -> {
                key = key(attributes);
                keys.put(key.name(), key);
            }
            case "Option" -> key.options().add(attributes.getValue("value"));
            case "Designate" -> {
                pid = attributes.getValue("pid");
                factoryPid = attributes.getValue("factoryPid");
            }
            case "Object" -> designate(described.get(attributes.getValue("ocdref")));
            default -> {
                return; // what is not needed here
            }
        }
    }

    private void designate(Map<String, ConfigurationKey> ocd) {
        if (factoryPid != null) {
            factories.put(factoryPid, ocd);
        } else {
            single.put(pid, ocd);
        }
    }

    private static ConfigurationKey key(Attributes a) {
        boolean required = a.getValue("default") == null && !"false".equals(a.getValue("required"));
        String description = a.getValue("description");
        return new ConfigurationKey(
                a.getValue("id"),
                description == null ? "it has no default" : description,
                a.getValue("type"),
                a.getValue("cardinality") != null && !"0".equals(a.getValue("cardinality")),
                required,
                number(a.getValue("min")),
                number(a.getValue("max")),
                new ArrayList<>());
    }

    private static Long number(String text) {
        return text == null || !text.matches("-?\\d+") ? null : Long.valueOf(text);
    }
}
