package org.cardcage.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A running system without a terminal, fed line by line. Marks that the shell itself prints tell where the output of a line
 * ends.
 *
 * <p>Threads: one, and a reader for each of the two streams.
 */
final class CardcageProcess {

    static final String SCRIPT = System.getProperty("cardcage.script");

    private static final String AS_NOBODY = "chroot --userspec=65534:65534 / ";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** What a line has printed and its status. */
    record Answer(String out, String err, int status) {}

    private final Process process;
    private final OutputStream in;
    private final Output out;
    private final Output err;
    private int lines;

    CardcageProcess(Path directory, String... options) throws IOException {
        this(directory, Map.of(), options);
    }

    /** @param environment variables of the process, besides those of this one */
    CardcageProcess(Path directory, Map<String, String> environment, String... options) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(SCRIPT, "--state", directory.resolve("state").toString());
        builder.command().addAll(List.of(options));
        builder.directory(directory.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        process = builder.start();
        in = process.getOutputStream();
        out = new Output(process.getInputStream(), "standard output");
        err = new Output(process.getErrorStream(), "standard error");
    }

    /** Executes a line and waits for its end. */
    Answer run(String line) throws IOException, InterruptedException {
        lines++;
        String mark = "@" + lines + "@";
        in.write((line + "\necho \"" + mark + " $?\"\ncat /" + mark + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
        Matcher end = out.await(Pattern.compile(mark + " (\\d+)\n"), line);
        Matcher errorEnd = err.await(Pattern.compile("cat: /" + mark + ": No such file or directory\n"), line);
        return new Answer(out.take(end), err.take(errorEnd), Integer.parseInt(end.group(1)));
    }

    /** Executes a recorded line; one that another user has run is run as that user, all others as root. */
    Answer runAsRecorded(String line) throws IOException, InterruptedException {
        if (!line.startsWith(AS_NOBODY)) {
            return run(line);
        }
        run("su nobody");
        Answer answer = run(line.substring(AS_NOBODY.length()));
        run("su");
        return answer;
    }

    /** Ends the system by the end of its standard input. */
    void end() throws IOException, InterruptedException {
        in.close();
        if (!process.waitFor(PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the system does not end with its standard input");
        }
    }

    /** One of the streams; {@code this} guards the text. */
    private static final class Output {
        private final StringBuilder text = new StringBuilder();
        private final String name;
        private boolean ended;

        Output(InputStream from, String name) {
            this.name = name;
            Thread reader = new Thread(() -> read(from), "reads " + name);
            reader.setDaemon(true);
            reader.start();
        }

        private void read(InputStream from) {
            byte[] buffer = new byte[8192];
            try {
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    synchronized (this) {
                        text.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                        notifyAll();
                    }
                }
            } catch (IOException e) {
                synchronized (this) {
                    text.append(e);
                }
            }
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }

        synchronized Matcher await(Pattern mark, String line) throws InterruptedException {
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            Matcher found = mark.matcher(text.toString());
            while (!found.find()) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (ended || left <= 0) {
                    throw new AssertionError("'" + line + "' does not end; " + name + " so far: " + text);
                }
                wait(left);
                found = mark.matcher(text.toString());
            }
            return found;
        }

        synchronized String take(Matcher end) {
            String before = text.substring(0, end.start());
            text.delete(0, end.end());
            return before;
        }
    }
}
