package org.cardcage.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureConfiguration;

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
                    return boot(options);
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

    private static int boot(Options options) throws UsageException, StartException, IOException, InterruptedException {
        Distribution distribution = Distribution.shipped();
        Collection<FeatureConfiguration> board = new Boards(distribution).configurations(options.board());
        Feature system;
        try (Reader text = distribution.text("cardcage.json")) {
            system = new FeatureServiceImpl().readFeature(text);
        }
        try (StateDirectory state = StateDirectory.open(options.state())) {
            Map<String, String> settings = Settings.of(options, state);
            new Unpacker(distribution).unpack(system, state.run());
            return new Boot(distribution, settings, PATIENCE).run(system, board);
        }
    }
}
