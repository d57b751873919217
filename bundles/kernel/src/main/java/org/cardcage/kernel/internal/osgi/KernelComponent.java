package org.cardcage.kernel.internal.osgi;

import java.util.concurrent.TimeUnit;
import org.cardcage.kernel.Kernel;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.Scheduler;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The kernel of the framework, and the time that it shares with its machines. */
@Component(
        name = "org.cardcage.kernel",
        service = {},
        immediate = true)
@Designate(ocd = KernelConfiguration.class)
public final class KernelComponent {

    private final LiveScheduler scheduler;
    private final Kernel kernel;
    private final ServiceRegistration<Scheduler> schedulerService;
    private final ServiceRegistration<Kernel> kernelService;

    @Activate
    public KernelComponent(BundleContext context, @Reference KernelLog log, KernelConfiguration configuration) {
        scheduler = new LiveScheduler(
                "cardcage", (where, fault) -> log.logger("kernel").error("task of {} failed", where, fault));
        kernel = new Kernel(log, scheduler, removeTimeout(configuration));
        schedulerService = context.registerService(Scheduler.class, scheduler, null);
        kernelService = context.registerService(Kernel.class, kernel, null);
    }

    private static long removeTimeout(KernelConfiguration configuration) {
        return TimeUnit.MILLISECONDS.toNanos(configuration.remove__timeout());
    }

    /** A changed configuration needs no other kernel. */
    @Modified
    void modified(KernelConfiguration configuration) {
        kernel.setRemoveTimeout(removeTimeout(configuration));
    }

    @Deactivate
    void deactivate() {
        kernelService.unregister();
        schedulerService.unregister();
        kernel.close();
        scheduler.close();
    }
}
