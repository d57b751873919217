package org.cardcage.shell.internal.osgi;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.jline.Converters;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.cardcage.kernel.Kernel;
import org.cardcage.kmod.Kmod;
import org.cardcage.pci.PciBus;
import org.cardcage.shell.internal.command.Command;
import org.cardcage.shell.internal.command.CommandSet;
import org.cardcage.shell.internal.gogo.GogoCommand;
import org.cardcage.shell.internal.lspci.function.PciIdsFile;
import org.cardcage.vfs.SystemCalls;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Offers the commands to Gogo: ours, and those of gogo.jline that work without a terminal. The framework property {@code
 * cardcage.pciids} names the PCI ID database of the host if it is not where it usually is.
 */
@Component(service = CommandsComponent.class, immediate = true)
public final class CommandsComponent {

    private static final String PCI_IDS = "cardcage.pciids";
    static final String GOGO = "gogo";

    private static final String[] SESSION = {"set", "jobs", "fg"};
    private static final String[] LANGUAGE = {"each", "throw", "try", "break", "continue"};

    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private final CommandSet set;

    @Activate
    public CommandsComponent(
            BundleContext context,
            @Reference Kernel kernel,
            @Reference SystemCalls calls,
            @Reference PciBus pci,
            @Reference Kmod kmod) {
        String ids = context.getProperty(PCI_IDS);
        set = new CommandSet(
                kernel,
                calls,
                pci,
                kmod,
                new PciIdsFile(ids == null ? PciIdsFile.USUAL : List.of(Path.of(ids))),
                Clock.systemDefaultZone());
        for (Command command : set.commands()) {
            GogoCommand function = new GogoCommand(command);
            registrations.add(
                    context.registerService(Function.class, function, words(GogoCommand.SCOPE, function.name())));
        }
        BundleContext framework =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        registrations.add(context.registerService(Converter.class, new Converters(framework), null));
        registrations.add(context.registerService(Builtin.class, new Builtin(), words(GOGO, SESSION)));
        registrations.add(context.registerService(Procedural.class, new Procedural(), words(GOGO, LANGUAGE)));
    }

    /** Our commands. */
    List<Command> commands() {
        return set.commands();
    }

    static Hashtable<String, Object> words(String scope, String... names) {
        return new Hashtable<>(Map.of(CommandProcessor.COMMAND_SCOPE, scope, CommandProcessor.COMMAND_FUNCTION, names));
    }

    @Deactivate
    void deactivate() {
        registrations.forEach(ServiceRegistration::unregister);
    }
}
