package org.cardcage.shell.internal.lspci;

import java.util.Arrays;
import java.util.List;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.PciIds;
import org.cardcage.shell.internal.lspci.function.PciNames;

/** A command line of lspci without the command around it. */
record Flags(String line) {

    /** The words of the line; {@code -} alone is none. */
    List<String> words() {
        return line.isEmpty() || line.equals("-") ? List.of() : List.of(line.split(" "));
    }

    View view() {
        return new View(
                count('v'),
                count('x'),
                count('m'),
                count('k') > 0,
                count('D') > 0,
                count('P'),
                count('t') > 0,
                count('b') > 0);
    }

    LspciFilter filter() {
        LspciFilter filter = new LspciFilter();
        List<String> words = words();
        for (int i = 0; i + 1 < words.size(); i++) {
            if (words.get(i).equals("-s")) {
                filter.slot(words.get(i + 1));
            } else if (words.get(i).equals("-d")) {
                filter.id(words.get(i + 1));
            }
        }
        return filter;
    }

    PciListing listing(List<PciFunction> functions, PciIds ids) {
        return new PciListing(functions, view(), new PciNames(ids, count('n')));
    }

    String text(List<PciFunction> functions, PciIds ids) {
        return listing(functions, ids).text(filter());
    }

    private int count(char letter) {
        return (int) words().stream()
                .filter(w -> w.startsWith("-"))
                .flatMapToInt(String::chars)
                .filter(c -> c == letter)
                .count();
    }

    static List<Flags> all() {
        return Arrays.stream(Recordings.resource("oracle-options.txt").split("\n"))
                .filter(l -> !l.startsWith("#"))
                .map(Flags::new)
                .toList();
    }
}
