package org.cardcage.kmod.internal.osgi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cardcage.kmod.internal.UnknownSymbolException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/** Says in the kernel's words why a bundle could not be resolved. */
final class Requirements {

    private Requirements() {}

    /** @param why what the framework said; used if the requirements tell nothing */
    static UnknownSymbolException missing(BundleContext context, Bundle bundle, BundleException why) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        List<BundleCapability> offered = Arrays.stream(context.getBundles())
                .map(other -> other.adapt(BundleRevision.class))
                .filter(Objects::nonNull)
                .flatMap(other -> other.getDeclaredCapabilities(null).stream())
                .toList();
        List<String> unknown = new ArrayList<>();
        List<String> disagreeing = new ArrayList<>();
        for (BundleRequirement requirement : revision.getDeclaredRequirements(null)) {
            if (isMandatory(requirement) && offered.stream().noneMatch(requirement::matches)) {
                (isOtherVersion(requirement, offered) ? disagreeing : unknown).add(symbol(requirement));
            }
        }
        if (unknown.isEmpty() && disagreeing.isEmpty()) {
            unknown.add(why.getMessage());
        }
        UnknownSymbolException missing = new UnknownSymbolException(unknown, disagreeing);
        missing.initCause(why);
        return missing;
    }

    private static boolean isMandatory(BundleRequirement requirement) {
        String resolution = requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE);
        String effective = requirement.getDirectives().get(Constants.EFFECTIVE_DIRECTIVE);
        return !Constants.RESOLUTION_OPTIONAL.equals(resolution)
                && (effective == null || effective.equals(Constants.EFFECTIVE_RESOLVE));
    }

    /** Built for another version of what is there, as Linux's vermagic tells: a package, or Java itself. */
    private static boolean isOtherVersion(BundleRequirement requirement, List<BundleCapability> offered) {
        String namespace = requirement.getNamespace();
        return namespace.equals(ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE)
                || offered.stream()
                        .filter(capability -> capability.getNamespace().equals(namespace))
                        .anyMatch(capability -> symbol(requirement)
                                .equals(capability.getAttributes().get(namespace)));
    }

    /** The value that the filter wants for the attribute named like the namespace, which is what the thing is called. */
    private static String symbol(BundleRequirement requirement) {
        String filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
        Matcher value = Pattern.compile("\\(" + Pattern.quote(requirement.getNamespace()) + "=([^)]*)\\)")
                .matcher(filter);
        return value.find() ? value.group(1) : requirement.getNamespace() + " " + filter;
    }
}
