package org.cardcage.kernel.kobject;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Attributes that objects of one kind have in common (Linux {@code struct attribute_group}). Immutable.
 *
 * @param <T> what the objects stand for
 */
public final class AttributeGroup<T> {

    private final Map<String, Attribute<T>> attributes = new LinkedHashMap<>();

    /** @throws IllegalArgumentException if two have one name */
    public AttributeGroup(List<? extends Attribute<T>> attributes) {
        for (Attribute<T> attribute : attributes) {
            if (this.attributes.put(attribute.name(), attribute) != null) {
                throw new IllegalArgumentException("two attributes named " + attribute.name());
            }
        }
    }

    Optional<Attribute<T>> find(String name) {
        return Optional.ofNullable(attributes.get(name));
    }

    Set<String> names() {
        return attributes.keySet();
    }
}
