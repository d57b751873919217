package org.cardcage.kmod.internal.osgi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kmod.internal.UnknownSymbolException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;

/**
 * Whether the components of a module could be made. The component runtime itself only logs a failure and leaves the bundle
 * active.
 */
final class Components {

    /** The property that the component runtime gives to its services. */
    private static final String COMPONENT_ID = "component.id";

    private static final String CAUSE = "Caused by: ";
    private static final Pattern ERRNO =
            Pattern.compile(Pattern.quote(KernelException.class.getName()) + ": (E[A-Z0-9]+): ([^\\r\\n]*)");

    private final BundleContext context;
    private final ServiceComponentRuntime runtime;

    Components(BundleContext context, ServiceComponentRuntime runtime) {
        this.context = context;
        this.runtime = runtime;
    }

    /**
     * Makes the components that only come to be when their service is asked for. The service is not given back: the
     * component would be ended again; the framework takes it back with the module.
     */
    void make(Bundle bundle) {
        ServiceReference<?>[] services = bundle.getRegisteredServices();
        for (ServiceReference<?> service : services == null ? new ServiceReference<?>[0] : services) {
            if (service.getProperty(COMPONENT_ID) != null) {
                context.getService(service);
            }
        }
    }

    /**
     * @throws KernelException what the first failed component has thrown, EIO if that was none
     * @throws UnknownSymbolException the services that components wait for
     */
    void check(Bundle bundle) throws UnknownSymbolException {
        List<String> missing = new ArrayList<>();
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs(bundle)) {
            if (runtime.isComponentEnabled(component)) {
                for (ComponentConfigurationDTO made : runtime.getComponentConfigurationDTOs(component)) {
                    checkFailure(component, made);
                    missing.addAll(missing(component, made));
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new UnknownSymbolException(missing, List.of());
        }
    }

    private static void checkFailure(ComponentDescriptionDTO component, ComponentConfigurationDTO made) {
        if (made.state != ComponentConfigurationDTO.FAILED_ACTIVATION) {
            return;
        }
        String text = made.failure == null ? "" : made.failure;
        Matcher errno = ERRNO.matcher(text);
        if (errno.find() && Errno.named(errno.group(1)).isPresent()) {
            throw new KernelException(Errno.named(errno.group(1)).get(), errno.group(2));
        }
        throw new KernelException(Errno.EIO, "component " + component.name + " failed: " + deepestCause(text));
    }

    private static String deepestCause(String stack) {
        List<String> causes =
                stack.lines().filter(line -> line.startsWith(CAUSE)).toList();
        return causes.isEmpty()
                ? stack.lines().findFirst().orElse("the log says why")
                : causes.get(causes.size() - 1).substring(CAUSE.length());
    }

    private static List<String> missing(ComponentDescriptionDTO component, ComponentConfigurationDTO made) {
        if (made.state == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION) {
            return List.of("configuration " + String.join(" ", component.configurationPid));
        }
        if (made.state != ComponentConfigurationDTO.UNSATISFIED_REFERENCE) {
            return List.of();
        }
        return Arrays.stream(made.unsatisfiedReferences)
                .map(reference -> interfaceOf(component, reference.name)
                        + (reference.target == null ? "" : " " + reference.target))
                .toList();
    }

    private static String interfaceOf(ComponentDescriptionDTO component, String reference) {
        for (ReferenceDTO described : component.references) {
            if (described.name.equals(reference)) {
                return described.interfaceName;
            }
        }
        return reference;
    }
}
