package org.cardcage.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The framework's properties: all that the bundles learn about how they were started. */
final class Settings {
    private Settings() {}

    static Map<String, String> of(Distribution distribution, Options options, StateDirectory state)
            throws IOException, StartException {
        Map<String, String> settings = new HashMap<>(distribution.frameworkProperties());
        settings.put(
                "org.osgi.framework.storage", state.run().resolve("bundles").toString());
        settings.put("org.osgi.framework.storage.clean", "onFirstInit");
        settings.put("gosh.home", state.run().toString());

        settings.put("cardcage.release", Distribution.release());
        settings.put("cardcage.state", state.root().toString());
        settings.put("cardcage.modules", state.run().resolve("modules").toString());
        settings.put("cardcage.cwd", Path.of("").toAbsolutePath().toString());
        options.command().ifPresent(text -> settings.put("cardcage.command", text));
        if (options.script().isPresent()) {
            settings.put("cardcage.script", read(options.script().get()));
        }
        boolean interactive = options.command().isEmpty() && options.script().isEmpty() && terminal();
        settings.put("cardcage.interactive", Boolean.toString(interactive));
        return settings;
    }

    private static String read(Path script) throws StartException {
        try {
            return Files.readString(script);
        } catch (IOException e) {
            throw new StartException("script " + script + " cannot be read: " + Reason.of(e), e);
        }
    }

    /** Since Java 22 there is always a console, which then knows whether it is one. */
    private static boolean terminal() {
        java.io.Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
