package org.cardcage.launcher;

import java.lang.reflect.InvocationTargetException;
import java.util.Collection;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.feature.FeatureConfiguration;

/**
 * Hands the features' configurations to the Configuration Admin. It is a bundle's class that we do not see from here,
 * hence the reflection: three calls.
 */
final class ConfigurationWriter {
    private static final String ADMIN = "org.osgi.service.cm.ConfigurationAdmin";
    private static final String ANY_LOCATION = "?";

    private final Class<?> adminType;
    private final Class<?> configurationType;
    private final Object admin;

    private ConfigurationWriter(BundleContext context, ServiceReference<?> reference) throws ClassNotFoundException {
        this.adminType = reference.getBundle().loadClass(ADMIN);
        this.configurationType = reference.getBundle().loadClass("org.osgi.service.cm.Configuration");
        this.admin = context.getService(reference);
    }

    /** Whether there is an admin and the configurations have been written. */
    static boolean write(BundleContext context, Collection<FeatureConfiguration> configurations) throws StartException {
        ServiceReference<?> reference = find(context);
        if (reference == null) {
            return false;
        }
        try {
            ConfigurationWriter writer = new ConfigurationWriter(context, reference);
            for (FeatureConfiguration configuration : configurations) {
                writer.write(configuration);
            }
            return true;
        } catch (InvocationTargetException e) {
            throw new StartException("a configuration cannot be written: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new StartException("the Configuration Admin is not one that we know: " + e, e);
        } finally {
            context.ungetService(reference);
        }
    }

    /** Of whatever class space, so that a copy of the API on the class path does not hide it. */
    private static ServiceReference<?> find(BundleContext context) {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(ADMIN, null);
            return found == null ? null : found[0];
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("there is no filter", e);
        }
    }

    private void write(FeatureConfiguration wanted) throws ReflectiveOperationException {
        Dictionary<String, Object> values = new Hashtable<>(wanted.getValues());
        configurationType.getMethod("update", Dictionary.class).invoke(configuration(wanted), values);
    }

    private Object configuration(FeatureConfiguration wanted) throws ReflectiveOperationException {
        String pid = wanted.getPid();
        if (wanted.getFactoryPid().isEmpty()) {
            return adminType
                    .getMethod("getConfiguration", String.class, String.class)
                    .invoke(admin, pid, ANY_LOCATION);
        }
        String name = pid.substring(pid.indexOf('~') + 1);
        return adminType
                .getMethod("getFactoryConfiguration", String.class, String.class, String.class)
                .invoke(admin, wanted.getFactoryPid().get(), name, ANY_LOCATION);
    }
}
