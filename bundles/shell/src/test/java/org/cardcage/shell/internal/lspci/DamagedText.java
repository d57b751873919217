package org.cardcage.shell.internal.lspci;

import java.util.Locale;
import java.util.Random;

/** A dump into whose text something has fallen: letters lost or added, lines doubled, lost or in capitals, Windows' line ends. */
final class DamagedText {

    private static final String LETTERS = "0123456789abcdefABCDEF :.\r\n\t xgGz\u00e9\u0085\0-";
    private static final int MAX_LENGTH = 12_000;
    private static final int HEAD_OF_LINE = 14;

    private final Random random;
    private final StringBuilder text;

    DamagedText(long seed) {
        random = new Random(seed);
        String whole = new DumpGenerator(seed).dump();
        // not all of it, or little would happen to what matters
        int end = whole.indexOf("\n\n", Math.min(whole.length() - 2, random.nextInt(MAX_LENGTH)));
        text = new StringBuilder(end < 0 ? whole : whole.substring(0, end + 2));
    }

    String dump() {
        for (int i = 1 + random.nextInt(5); i > 0 && text.length() > 0; i--) {
            damage();
        }
        return text.toString();
    }

    private void damage() {
        int at = random.nextInt(text.length());
        int start = text.lastIndexOf("\n", at - 1) + 1;
        int end = text.indexOf("\n", at) + 1;
        if (random.nextBoolean()) {
            at = Math.min(text.length() - 1, start + random.nextInt(HEAD_OF_LINE));
        }
        char letter = LETTERS.charAt(random.nextInt(LETTERS.length()));
        switch (random.nextInt(6)) {
            case 0 -> text.deleteCharAt(at);
            case 1 -> text.insert(at, letter);
            case 2 -> text.setCharAt(at, letter);
            case 3 -> text.insert(Math.max(end - 1, 0), '\r');
            case 4 -> text.delete(start, Math.max(start, end));
            default -> {
                String line = text.substring(start, Math.max(start, end));
                text.insert(
                        random.nextBoolean() ? start : at, random.nextBoolean() ? line.toUpperCase(Locale.ROOT) : line);
            }
        }
    }
}
