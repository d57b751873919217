package org.cardcage.kmod.modules.immediate;

import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.Module;
import org.cardcage.kernel.module.ModuleParameter;
import org.cardcage.kernel.module.ModuleParameters;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** A component without a service. */
@Module(name = "immediate", description = "a test", license = "Apache-2.0")
@ModuleParameter(name = "fail_init", type = "int", value = "0", description = "errno to fail with")
@Component
public final class ImmediateModule {

    @Activate
    public ImmediateModule(@Reference(target = "(module=immediate)") ModuleParameters parameters) {
        Errno.of(parameters.intValue("fail_init")).ifPresent(errno -> {
            throw new KernelException(errno, "asked to fail");
        });
    }
}
