package org.cardcage.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.FutureTask;

/** {@code java -jar cardcage.jar}. */
public final class Main {
    /** How long the bundles of a start level may take to start, and all of them to stop. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int CANNOT_START = 1;
    private static final int BAD_COMMAND_LINE = 2;

    private Main() {}

    public static void main(String[] arguments) {
        int status = CANNOT_START;
        try {
            status = run(arguments, System.out, System.err);
        } catch (Throwable unexpected) {
            unexpected.printStackTrace();
        }
        // A framework leaves threads behind when it fails half-way.
        System.exit(status);
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) throws InterruptedException {
        try {
            Options options = Options.parse(arguments);
            switch (options.action()) {
                case HELP -> out.print(Options.USAGE);
                case VERSION -> out.println("cardcage " + Distribution.release());
                case RUN -> {
                    return boot(options, err);
                }
            }
            return 0;
        } catch (UsageException e) {
            err.println("cardcage: " + e.getMessage());
            err.print(Options.USAGE);
            return BAD_COMMAND_LINE;
        } catch (StartException | IOException e) {
            err.println("cardcage: " + e.getMessage());
            return CANNOT_START;
        }
    }

    private static int boot(Options options, PrintStream err)
            throws UsageException, StartException, IOException, InterruptedException {
        Distribution distribution = Distribution.shipped();
        FutureTask<Plan> plan = Plan.begin(distribution, options);
        try (StateDirectory state = StateDirectory.open(options.state());
                Boot boot = new Boot(distribution, Settings.of(distribution, options, state), PATIENCE)) {
            boot.init();
            Plan read = Plan.await(plan);
            read.remarks().forEach(remark -> err.println("cardcage: " + remark));
            new Unpacker(distribution).unpack(read.system(), state.run());
            return boot.run(read);
        }
    }
}
