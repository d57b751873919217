package org.cardcage.kmod.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A clause of a manifest header such as {@code Provide-Capability} (OSGi Core, 3.2.3 and 3.2.4). It is read here without a
 * framework, so that a file can be looked at before it is installed.
 *
 * @param name the first word, for capabilities the namespace
 * @param attributes by name without type, the values unquoted
 * @param directives by name, the values unquoted
 */
public record HeaderClause(String name, Map<String, String> attributes, Map<String, String> directives) {

    /** The clauses of a header; none if it is null. */
    public static List<HeaderClause> parse(String header) {
        List<HeaderClause> clauses = new ArrayList<>();
        for (String clause : split(header == null ? "" : header, ',')) {
            clauses.add(clause(split(clause, ';')));
        }
        return clauses;
    }

    private static HeaderClause clause(List<String> parts) {
        Map<String, String> attributes = new LinkedHashMap<>();
        Map<String, String> directives = new LinkedHashMap<>();
        for (String part : parts.subList(1, parts.size())) {
            int equals = part.indexOf('=');
            if (equals > 0 && part.charAt(equals - 1) == ':') {
                directives.put(part.substring(0, equals - 1).strip(), unquote(part.substring(equals + 1)));
            } else if (equals > 0) {
                String typed = part.substring(0, equals);
                int colon = typed.indexOf(':');
                String key = colon < 0 ? typed : typed.substring(0, colon);
                attributes.put(key.strip(), unquote(part.substring(equals + 1)));
            }
        }
        return new HeaderClause(parts.get(0), attributes, directives);
    }

    /** Cuts at separators outside quotes and leaves out empty parts. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                add(parts, text.substring(from, i));
                from = i + 1;
            }
        }
        add(parts, text.substring(from));
        return parts;
    }

    private static void add(List<String> parts, String part) {
        if (!part.isBlank()) {
            parts.add(part.strip());
        }
    }

    private static String unquote(String value) {
        String text = value.strip();
        if (text.length() < 2 || !text.startsWith("\"") || !text.endsWith("\"")) {
            return text;
        }
        return text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1");
    }
}
