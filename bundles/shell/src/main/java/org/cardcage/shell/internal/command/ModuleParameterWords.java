package org.cardcage.shell.internal.command;

import java.util.ArrayList;
import java.util.List;

/**
 * Module parameters as the kernel takes them apart (Linux {@code next_arg}): the words of the command line are one text, in
 * which blanks separate and double quotes hold together.
 */
final class ModuleParameterWords {

    private ModuleParameterWords() {}

    static List<String> split(List<String> words) {
        List<String> parameters = new ArrayList<>();
        StringBuilder parameter = new StringBuilder();
        boolean quoted = false;
        for (char c : (String.join(" ", words) + " ").toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
            } else if (Character.isWhitespace(c) && !quoted) {
                if (parameter.length() > 0) {
                    parameters.add(parameter.toString());
                }
                parameter.setLength(0);
            } else {
                parameter.append(c);
            }
        }
        if (parameter.length() > 0) {
            parameters.add(parameter.toString());
        }
        return parameters;
    }
}
