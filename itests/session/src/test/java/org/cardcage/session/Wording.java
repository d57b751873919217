package org.cardcage.session;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How recorded words become ours, and what is not compared: tables of regular expressions with their replacements, from a
 * file of the test resources. {@code recorded} is for what Linux said, {@code ours} for what we said, {@code both} for both.
 */
final class Wording {

    private record Rule(String side, Pattern pattern, String replacement) {}

    private final List<Rule> rules = new ArrayList<>();

    /** @param lines {@code SIDE :: REGEX :: REPLACEMENT} */
    Wording(List<String> lines) {
        for (String line : lines) {
            String[] parts = line.split(" :: ?", -1);
            rules.add(new Rule(
                    parts[0],
                    Pattern.compile(parts[1], Pattern.MULTILINE),
                    parts[2].replace("\\n", "\n").replace("\\t", "\t")));
        }
    }

    /** Words of the recording as we would say them. */
    String recorded(String text) {
        return apply("recorded", text);
    }

    /** Our words, without what differs from run to run. */
    String ours(String text) {
        return apply("ours", text);
    }

    private String apply(String side, String text) {
        String result = text;
        for (Rule rule : rules) {
            if (rule.side().equals(side) || rule.side().equals("both")) {
                result = rule.pattern().matcher(result).replaceAll(rule.replacement());
            }
        }
        return result;
    }
}
