package org.cardcage.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A system on a terminal of its own, typed at by tmux. Nothing is waited for but what the screen shows.
 *
 * <p>Threads: one.
 */
final class Tmux {

    private static final int SECONDS = 20;
    private static final String WIDTH = "100";
    private static final String HEIGHT = "40";
    private static final String SESSION = "cardcage";
    private static final String ENDED = "ended with ";

    private final String socket = "cardcage-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

    /** Whether there is a tmux to run. */
    static boolean isInstalled() {
        return Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(folder -> Path.of(folder, "tmux").toFile().canExecute());
    }

    /** Starts a system in a working directory and waits for its prompt. */
    Tmux(Path directory, Map<String, String> environment, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("env", "JAVA_HOME=" + System.getProperty("java.home")));
        environment.forEach((name, value) -> words.add(name + "=" + value));
        words.addAll(List.of(
                CardcageProcess.SCRIPT, "--state", directory.resolve("state").toString()));
        words.addAll(List.of(options));
        String command = String.join(" ", words) + "; echo " + ENDED + "$?; cat";
        tmux(
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-x",
                WIDTH,
                "-y",
                HEIGHT,
                "-s",
                SESSION,
                "-c",
                directory.toString(),
                command);
        await("cardcage> $");
    }

    /** Types keys by their tmux names, {@code Tab}, {@code C-c}, or a text. */
    void keys(String... keys) throws Exception {
        for (String key : keys) {
            tmux("send-keys", "-t", SESSION, "--", key);
        }
    }

    /** Types a text as it is. */
    void type(String text) throws Exception {
        tmux("send-keys", "-t", SESSION, "-l", "--", text);
    }

    /** Types a line and waits until what it prints is followed by a prompt again; all that is on the screen then. */
    String line(String text) throws Exception {
        clear();
        type(text);
        keys("Enter");
        return await(Pattern.quote(text) + "\n(?s:.*)cardcage> $");
    }

    /** Leaves nothing on the screen but an empty prompt. */
    void clear() throws Exception {
        keys("C-u", "C-l");
        await("^cardcage> $");
    }

    /** Waits until the text of the screen, without blank ends, has a part that the expression matches; that text. */
    String await(String regex) {
        Pattern pattern = Pattern.compile(regex);
        String[] last = {""};
        try {
            Awaitility.await()
                    .atMost(SECONDS, TimeUnit.SECONDS)
                    .pollDelay(0, TimeUnit.MILLISECONDS)
                    .pollInterval(20, TimeUnit.MILLISECONDS)
                    .until(() -> pattern.matcher(last[0] = screen()).find());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("the screen does not show " + regex + " but:\n" + last[0], e);
        }
        return last[0];
    }

    /** Waits for the end of the system; its status. */
    int end() {
        String screen = await(ENDED + "\\d+");
        return Integer.parseInt(screen.replaceAll("(?s).*" + ENDED + "(\\d+).*", "$1"));
    }

    /** The screen without blanks at ends of lines and empty lines at its end; the prompt keeps its blank. */
    private String screen() throws Exception {
        String text = tmux("capture-pane", "-p", "-t", SESSION)
                .replaceAll("(?m) +$", "")
                .stripTrailing();
        return text.endsWith("cardcage>") ? text + " " : text;
    }

    /** Ends the terminal and what runs on it. */
    void close() throws Exception {
        tmux("kill-server");
    }

    private String tmux(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tmux", "-L", socket));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }
}
