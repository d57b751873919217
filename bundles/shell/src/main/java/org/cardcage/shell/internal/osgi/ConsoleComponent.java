package org.cardcage.shell.internal.osgi;

import java.util.function.IntConsumer;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Starts the shell of the process as soon as the launcher says that everything runs. */
@Component(
        service = {},
        immediate = true)
public final class ConsoleComponent {

    private final Console console;

    @Activate
    public ConsoleComponent(
            BundleContext context,
            @Reference CommandProcessor processor,
            @Reference(target = "(cardcage.role=exit)") IntConsumer exit) {
        console = new Console(context, (CommandProcessorImpl) processor, exit);
        console.start();
    }

    @Deactivate
    void deactivate() {
        console.stop();
    }
}
