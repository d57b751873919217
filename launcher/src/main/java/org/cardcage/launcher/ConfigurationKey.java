package org.cardcage.launcher;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A key of a configuration (the element {@code AD} of a metatype).
 *
 * @param type {@code String}, {@code Long} and so on
 * @param several whether it has a list of values
 * @param required whether it must be there
 * @param min the least value of a number, or null
 * @param max the greatest value of a number, or null
 * @param options the only values that it can have; empty if there is a choice of more
 */
record ConfigurationKey(
        String name,
        String description,
        String type,
        boolean several,
        boolean required,
        Long min,
        Long max,
        List<String> options) {

    /** What is wrong with a value. */
    Optional<String> complaint(Object value) {
        if (value.getClass().isArray() || value instanceof Collection) {
            return several && (type.equals("String") == value instanceof String[])
                    ? Optional.empty()
                    : Optional.of(several ? "must be a list of texts" : "must be one value, not a list");
        }
        String text = String.valueOf(value);
        if (type.equals("String") && !(value instanceof String)) {
            return Optional.of("is " + text + "; it must be a text, as in \"" + text + "\"");
        }
        if (!options.isEmpty() && !options.contains(text)) {
            return Optional.of("is \"" + text + "\"; it must be one of " + String.join(", ", options));
        }
        return switch (type) {
            case "Long", "Integer", "Short", "Byte" -> ofNumber(text);
            case "Boolean" ->
                text.equals("true") || text.equals("false")
                        ? Optional.empty()
                        : Optional.of("is \"" + text + "\"; it must be true or false");
            default -> Optional.empty();
        };
    }

    private Optional<String> ofNumber(String text) {
        try {
            long number = Long.parseLong(text);
            boolean fits = (min == null || number >= min) && (max == null || number <= max);
            return fits ? Optional.empty() : Optional.of("is " + text + "; it must be " + range());
        } catch (NumberFormatException e) {
            return Optional.of("is \"" + text + "\"; it must be a whole number " + range());
        }
    }

    private String range() {
        if (min != null && max != null) {
            return "from " + min + " to " + max;
        }
        return min != null ? "of at least " + min : max != null ? "of at most " + max : "";
    }
}
