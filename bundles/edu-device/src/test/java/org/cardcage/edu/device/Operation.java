package org.cardcage.edu.device;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Supplier;

/**
 * One operation of a recording.
 *
 * @param line its line in the file, from 1
 * @param json what the line says
 */
record Operation(int line, JsonNode json) {

    /** @throws IllegalArgumentException if the line is no operation */
    Operation {
        if (!json.path("op").isTextual()) {
            throw new IllegalArgumentException("line " + line + " is no operation: " + json);
        }
    }

    String kind() {
        return json.get("op").asText();
    }

    boolean has(String key) {
        return json.has(key);
    }

    /** Whether the recorded QEMU died here. */
    boolean isFatal() {
        return json.path("fatal").asBoolean();
    }

    /** @throws IllegalArgumentException if there is no such text */
    String text(String key) {
        JsonNode node = json.path(key);
        if (!node.isTextual()) {
            throw new IllegalArgumentException(this + " has no text \"" + key + "\"");
        }
        return node.asText();
    }

    /** @throws IllegalArgumentException if there is no such number */
    long number(String key) {
        return number(json.path(key), () -> this + ": \"" + key + "\"");
    }

    /** {@link #number} that is a number of bytes. */
    int size(String key) {
        return Math.toIntExact(number(key));
    }

    /** The list of events under a key, in the form of {@link #toString}; of none if the key is absent. */
    String events(String key) {
        return json.has(key) ? json.get(key).toString() : "[]";
    }

    /**
     * A number as recordings write it: beyond 32 bits, and wherever people read it so, hexadecimal text.
     *
     * @param where it stands, for the message
     */
    static long number(JsonNode node, Supplier<String> where) {
        if (node.isIntegralNumber()) {
            return node.asLong();
        }
        String text = node.asText();
        if (!node.isTextual() || !text.startsWith("0x")) {
            throw new IllegalArgumentException(where.get() + " is no number: " + node);
        }
        return Long.parseUnsignedLong(text.substring(2), 16);
    }

    /** Line and text. */
    @Override
    public String toString() {
        return "line " + line + " " + json;
    }
}
