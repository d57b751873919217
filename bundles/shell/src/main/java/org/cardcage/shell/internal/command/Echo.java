package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.util.List;

/** {@code echo}, bash's: one write, whose error is told. */
public final class Echo implements Command {

    @Override
    public Help help() {
        return new Help("echo", "[-n] [WORD]...", "print words, -n without the line end", "echo 5 > /dev/edu0");
    }

    @Override
    public int run(Invocation call) throws IOException {
        List<String> words = call.arguments();
        boolean newline = true;
        while (!words.isEmpty() && words.get(0).matches("-[nE]+")) {
            newline &= words.get(0).indexOf('n') < 0;
            words = words.subList(1, words.size());
        }
        call.print(String.join(" ", words) + (newline ? "\n" : ""));
        return 0;
    }
}
