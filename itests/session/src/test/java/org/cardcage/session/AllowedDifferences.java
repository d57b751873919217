package org.cardcage.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * In what a listing of functions may differ from the recorded one. A line is {@code MACHINES other RECORDED => OURS :: REASON}:
 * where the first expression fits in the recorded line and the second one in ours, their groups may differ, and nothing else;
 * or {@code MACHINES lacks RECORDED :: REASON}: a recorded line that fits need not be there; or {@code MACHINES case ID :: REASON}:
 * a whole case is different. The expressions are looked for in lines behind the address of their function and a bar, as in
 * <code>00:04.0|&#9;Latency: 0</code>. Both say which values they mean: a third value is a difference.
 *
 * <p>Threads: one.
 */
final class AllowedDifferences {

    private static final Pattern FUNCTION =
            Pattern.compile("(?:(?:Slot|Device):\t)?(?:0000:)?([0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])\\b.*");

    private record Rule(String line, String form, Pattern recorded, Pattern ours) {}

    private final List<Rule> rules = new ArrayList<>();
    private final Set<Rule> used = new HashSet<>();
    private int excepted;

    /** @param machine whose rules are of use */
    AllowedDifferences(List<String> lines, String machine) {
        for (String line : lines) {
            String[] words = line.split(" ", 3);
            int reason = line.indexOf(" :: ");
            if (reason < 0
                    || reason + 4 == line.length()
                    || !Set.of("other", "lacks", "case").contains(words[1])) {
                throw new IllegalArgumentException("no rule with a reason: " + line);
            }
            if (List.of(words[0].split(",")).contains(machine)) {
                String[] regexes =
                        words[2].substring(0, words[2].indexOf(" :: ")).split(" => ");
                if (regexes.length != (words[1].equals("other") ? 2 : 1)) {
                    throw new IllegalArgumentException("not the two sides of a difference: " + line);
                }
                rules.add(new Rule(
                        line, words[1], Pattern.compile(regexes[0]), Pattern.compile(regexes[regexes.length - 1])));
            }
        }
    }

    /**
     * Where our text differs in more than what is allowed.
     *
     * @param id of the case
     */
    Optional<String> difference(String id, String recordedText, String ourText) {
        for (Rule rule : rules) {
            if (rule.form().equals("case") && rule.recorded().matcher(id).matches() && !recordedText.equals(ourText)) {
                used.add(rule);
                excepted += (int) recordedText.lines().count();
                return Optional.empty();
            }
        }
        List<String> recorded = located(recordedText);
        List<String> ours = located(ourText);
        int at = 0;
        for (String line : recorded) {
            String our = at < ours.size() ? ours.get(at) : "|end";
            if (line.equals(our)) {
                at++;
            } else if (isTheSameBut(line, our)) {
                excepted++;
                at++;
            } else if (isLacking(line)) {
                excepted++;
            } else {
                return Optional.of("\nrecorded: " + line + "\nours:     " + our);
            }
        }
        return at == ours.size() ? Optional.empty() : Optional.of("\nours has more: " + ours.get(at));
    }

    private static List<String> located(String text) {
        List<String> located = new ArrayList<>();
        String function = "";
        for (String line : text.lines().toList()) {
            Matcher first = FUNCTION.matcher(line);
            if (first.matches()) {
                function = first.group(1);
            }
            located.add(function + "|" + line);
        }
        return located;
    }

    private boolean isTheSameBut(String recorded, String ours) {
        String left = recorded;
        String right = ours;
        Set<Rule> needed = new HashSet<>();
        for (Rule rule : rules) {
            Matcher l = rule.recorded().matcher(left);
            Matcher r = rule.ours().matcher(right);
            if (rule.form().equals("other")
                    && l.find()
                    && r.find()
                    && !groups(l).equals(groups(r))) {
                left = without(left, l);
                right = without(right, r);
                needed.add(rule);
            }
        }
        if (left.equals(right)) {
            used.addAll(needed);
            return true;
        }
        return false;
    }

    private static List<String> groups(Matcher m) {
        List<String> groups = new ArrayList<>();
        for (int i = 1; i <= m.groupCount(); i++) {
            groups.add(m.group(i));
        }
        return groups;
    }

    private static String without(String line, Matcher m) {
        StringBuilder result = new StringBuilder(line);
        for (int i = m.groupCount(); i > 0; i--) {
            if (m.group(i) != null) {
                result.replace(m.start(i), m.end(i), "~");
            }
        }
        return result.toString();
    }

    private boolean isLacking(String recorded) {
        for (Rule rule : rules) {
            if (rule.form().equals("lacks") && rule.recorded().matcher(recorded).find()) {
                used.add(rule);
                return true;
            }
        }
        return false;
    }

    /** How many recorded lines were different or not there. */
    int excepted() {
        return excepted;
    }

    /** Rules of this machine that were of no use. */
    List<String> unused() {
        return rules.stream()
                .filter(rule -> !used.contains(rule))
                .map(Rule::line)
                .toList();
    }
}
