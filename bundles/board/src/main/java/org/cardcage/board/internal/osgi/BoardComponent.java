package org.cardcage.board.internal.osgi;

import java.util.Hashtable;
import org.cardcage.board.Board;
import org.cardcage.board.BoardBuilder;
import org.cardcage.board.BusPolicy;
import org.cardcage.device.DeviceModel;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Machine;
import org.cardcage.machine.Scheduler;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The board as a component: one configuration, one {@link Machine} service. Cards that are there when it starts are in
 * their slots before the power comes on; later ones are hot-plugged.
 *
 * <p>Threads: Declarative Services calls constructor and {@link #deactivate}; everything else runs on one lane. {@code
 * gone} and {@code registration} are guarded by this object's lock, under which only the registry is called.
 */
@Component(
        name = "org.cardcage.board",
        service = {},
        immediate = true,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = BoardConfiguration.class)
public final class BoardComponent {

    /** The service property of the machine that holds its name. */
    private static final String NAME = "machine.name";

    private static final Logger LOG = LoggerFactory.getLogger(Board.class);

    private final BundleContext context;
    private final Scheduler scheduler;
    private final Board board;
    private final Lane lane;
    private final ServiceTracker<DeviceModel, CardTracker.Card> cards;
    private ServiceRegistration<Machine> registration;
    private boolean gone;

    @Activate
    public BoardComponent(BundleContext context, @Reference Scheduler scheduler, BoardConfiguration configuration) {
        this.context = context;
        this.scheduler = scheduler;
        board = build(scheduler, configuration);
        lane = scheduler.lane(configuration.name() + "-slots");
        cards = new ServiceTracker<>(context, DeviceModel.class, new CardTracker(context, board, scheduler, lane));
        cards.open();
        lane.execute(() -> start(configuration.name()));
    }

    private static Board build(Scheduler scheduler, BoardConfiguration configuration) {
        BoardBuilder builder = Board.builder(scheduler)
                .name(configuration.name())
                .ram(configuration.ram() << 20)
                .cpus(configuration.cpus());
        switch (configuration.chipset()) {
            case "440fx" -> builder.chipset440fx();
            case "none" -> LOG.debug("{}: no chipset functions", configuration.name());
            default ->
                throw new IllegalArgumentException(
                        "chipset \"" + configuration.chipset() + "\" is not known; use 440fx or none");
        }
        return builder.busPolicy(policy(configuration.bus__policy())).build();
    }

    private static BusPolicy policy(String name) {
        return switch (name) {
            case "pci" -> BusPolicy.PCI;
            case "qemu" -> BusPolicy.QEMU;
            default -> throw new IllegalArgumentException("bus_policy \"" + name + "\" is not known; use pci or qemu");
        };
    }

    private void start(String name) {
        board.powerOn();
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(NAME, name);
        ServiceRegistration<Machine> fresh = context.registerService(Machine.class, board, properties);
        boolean late;
        synchronized (this) {
            late = gone;
            registration = late ? null : fresh;
        }
        if (late) {
            fresh.unregister();
        }
    }

    /** Withdraws the machine first, so that its users let go of it while the cards still work. */
    @Deactivate
    public void deactivate() {
        ServiceRegistration<Machine> machine;
        synchronized (this) {
            gone = true;
            machine = registration;
            registration = null;
        }
        if (machine != null) {
            machine.unregister();
        }
        cards.close();
        boolean closed = Posted.run(scheduler, lane, "board to close", CardTracker.PATIENCE, board::close);
        if (!closed) {
            LOG.error("{} does not close; it hangs in thread {}", board, lane.runner());
        }
        lane.close();
    }
}
