package org.cardcage.kmod.modules.activator;

import java.util.Map;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.Module;
import org.cardcage.kernel.module.ModuleParameter;
import org.cardcage.kernel.module.ModuleParameters;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;

/** A module without components. */
@Module(name = "activator", description = "a test", license = "Apache-2.0")
@ModuleParameter(name = "fail_init", type = "int", value = "0", description = "errno to fail with, -1: another fault")
@ModuleParameter(name = "fail_exit", type = "bool", value = "n", description = "fail at the end")
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class ActivatorModule implements BundleActivator {

    private ModuleParameters parameters;

    @Override
    public void start(BundleContext context) throws Exception {
        ServiceReference<ModuleParameters> found = context.getServiceReferences(
                        ModuleParameters.class, "(module=activator)")
                .iterator()
                .next();
        parameters = context.getService(found);
        int failure = parameters.intValue("fail_init");
        if (failure < 0) {
            throw new IllegalStateException("broken on purpose");
        }
        if (failure > 0) {
            throw new IllegalStateException(
                    "wrapped", new KernelException(Errno.of(failure).orElseThrow(), "asked to fail"));
        }
        context.registerService(Runnable.class, () -> {}, FrameworkUtil.asDictionary(Map.of("test", "activator")));
    }

    @Override
    public void stop(BundleContext context) {
        if (parameters.booleanValue("fail_exit")) {
            throw new IllegalStateException("broken on purpose");
        }
    }
}
