package org.cardcage.kmod.modules.needy;

import java.util.concurrent.Callable;
import org.cardcage.kernel.module.Module;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Waits for a service that nobody offers. */
@Module(name = "needy", description = "a test", license = "Apache-2.0")
@Component(service = Runnable.class)
public final class NeedyModule implements Runnable {

    @Activate
    public NeedyModule(@Reference(target = "(of=nobody)") Callable<?> absent) {}

    @Override
    public void run() {
        throw new AssertionError("nobody can make this");
    }
}
