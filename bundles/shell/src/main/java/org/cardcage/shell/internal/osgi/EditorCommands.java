package org.cardcage.shell.internal.osgi;

import java.util.ArrayList;
import java.util.List;
import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * The commands of gogo.jline that need a terminal and its line editor, which are there as long as there is one: a script does
 * not find them.
 */
final class EditorCommands implements AutoCloseable {

    private static final String[] EDITOR = {
        "keymap",
        "setopt",
        "unsetopt",
        "complete",
        "history",
        "widget",
        "__files",
        "__directories",
        "__usage_completion"
    };
    private static final String[] SCREEN = {"less", "clear"};

    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    EditorCommands(BundleContext context, CommandProcessor processor) {
        registrations.add(context.registerService(
                Builtin.class, new Builtin(), CommandsComponent.words(CommandsComponent.GOGO, EDITOR)));
        registrations.add(context.registerService(
                Posix.class, new Posix(processor), CommandsComponent.words(CommandsComponent.GOGO, SCREEN)));
    }

    @Override
    public void close() {
        registrations.forEach(ServiceRegistration::unregister);
    }
}
