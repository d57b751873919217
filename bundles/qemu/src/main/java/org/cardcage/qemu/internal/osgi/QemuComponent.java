package org.cardcage.qemu.internal.osgi;

import java.io.IOException;
import java.util.Hashtable;
import java.util.List;
import org.cardcage.firmware.Firmware;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Machine;
import org.cardcage.machine.Scheduler;
import org.cardcage.qemu.QemuMachine;
import org.cardcage.qemu.internal.GuestMachine;
import org.cardcage.qemu.internal.QemuProcess;
import org.cardcage.qemu.internal.QemuProgram;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine as a component: one configuration, one {@link Machine} service. When QEMU ends by itself the service stays, with no
 * functions.
 *
 * <p>Threads: Declarative Services calls constructor and {@link #deactivate}; QEMU is started on a lane. {@code gone}, {@code
 * machine} and {@code registration} are guarded by this object's lock, under which nothing is called.
 */
@Component(
        name = "org.cardcage.qemu",
        service = {},
        immediate = true,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = QemuConfiguration.class)
public final class QemuComponent {

    /** The service property of the machine that holds its name. */
    private static final String NAME = "machine.name";

    private static final Logger LOG = LoggerFactory.getLogger(QemuMachine.class);

    private final BundleContext context;
    private final String name;
    private final GuestMachine.Setup setup;
    private final Lane lane;
    private QemuMachine machine;
    private ServiceRegistration<Machine> registration;
    private boolean gone;

    @Activate
    public QemuComponent(
            BundleContext context,
            @Reference Scheduler scheduler,
            @Reference QemuProgram program,
            QemuConfiguration configuration) {
        this.context = context;
        name = configuration.name();
        setup = new GuestMachine.Setup(
                program,
                scheduler,
                name,
                List.of(configuration.arguments()),
                machine -> new Firmware(machine, LOG::warn).run(),
                false,
                QemuProcess.PATIENCE,
                LOG::warn);
        lane = scheduler.lane(name);
        lane.execute(this::start);
    }

    private void start() {
        try {
            offer(new GuestMachine(setup));
        } catch (IOException e) {
            LOG.error("there is no machine {}: {}", name, e.getMessage());
        }
    }

    private void offer(QemuMachine fresh) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(NAME, name);
        ServiceRegistration<Machine> offered;
        try {
            offered = context.registerService(Machine.class, fresh, properties);
        } catch (IllegalStateException e) { // the bundle has stopped while QEMU started
            fresh.close();
            return;
        }
        boolean late;
        synchronized (this) {
            late = gone;
            machine = late ? null : fresh;
            registration = late ? null : offered;
        }
        if (late) {
            offered.unregister();
            fresh.close();
        }
    }

    /** Withdraws the machine first, so that its users let go of it while it still answers. */
    @Deactivate
    public void deactivate() {
        QemuMachine last;
        ServiceRegistration<Machine> offered;
        synchronized (this) {
            gone = true;
            last = machine;
            offered = registration;
        }
        if (offered != null) {
            offered.unregister();
            last.close();
        }
        lane.close();
    }
}
