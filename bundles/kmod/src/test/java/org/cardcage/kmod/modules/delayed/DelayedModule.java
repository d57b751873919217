package org.cardcage.kmod.modules.delayed;

import java.util.function.Supplier;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.Module;
import org.cardcage.kernel.module.ModuleParameter;
import org.cardcage.kernel.module.ModuleParameters;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** A component that is made when its service is asked for, as those of drivers are. */
@Module(name = "delayed", description = "says \"hello, world\"; nothing else", license = "Apache-2.0")
@ModuleParameter(name = "fail_init", type = "int", value = "0", description = "errno to fail with, -1: another fault")
@ModuleParameter(name = "label", type = "charp", value = "", description = "what it answers")
@ModuleParameter(name = "quiet", type = "bool", value = "n", description = "no answer")
@Component(service = Supplier.class)
public final class DelayedModule implements Supplier<String> {

    private final ModuleParameters parameters;

    @Activate
    public DelayedModule(@Reference(target = "(module=delayed)") ModuleParameters parameters) {
        this.parameters = parameters;
        int failure = parameters.intValue("fail_init");
        if (failure < 0) {
            throw new IllegalStateException("broken on purpose");
        }
        Errno.of(failure).ifPresent(errno -> {
            throw new KernelException(errno, "asked to fail");
        });
    }

    @Override
    public String get() {
        return parameters.booleanValue("quiet") ? "" : parameters.text("label");
    }
}
