package org.cardcage.board.internal.osgi;

import java.util.Hashtable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cardcage.board.Board;
import org.cardcage.board.BoardBuilder;
import org.cardcage.board.Bridge;
import org.cardcage.board.BusPolicy;
import org.cardcage.board.SlotPath;
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

    private static final Pattern PHYSICAL_SLOT = Pattern.compile("([^=]+)=([0-9]{1,9})");

    private static final Logger LOG = LoggerFactory.getLogger(Board.class);

    private final BundleContext context;
    private final Scheduler scheduler;
    private final Board board;
    private final Lane lane;
    private final ServiceTracker<DeviceModel, CardTracker.Tracked> cards;
    private ServiceRegistration<Machine> registration;
    private boolean gone;

    @Activate
    public BoardComponent(BundleContext context, @Reference Scheduler scheduler, BoardConfiguration configuration) {
        this.context = context;
        this.scheduler = scheduler;
        board = build(scheduler, configuration);
        lane = scheduler.lane(configuration.name() + "-slots");
        CardTracker tracker = new CardTracker(context, board, scheduler, lane);
        cards = new ServiceTracker<>(context, DeviceModel.class, tracker);
        cards.open();
        lane.execute(tracker::powerComesOn);
        lane.execute(() -> start(configuration.name()));
    }

    static Board build(Scheduler scheduler, BoardConfiguration configuration) {
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
        for (String root : configuration.root__buses()) {
            RootBusText.parse(root).addTo(builder);
        }
        for (String slot : configuration.physical__slots()) {
            number(builder, slot);
        }
        if (configuration.firmware__has__run()) {
            builder.firmwareHasRun();
        }
        Board board = builder.busPolicy(policy(configuration.bus__policy())).build();
        int slots = 0;
        for (String bridge : configuration.bridges()) {
            plug(board, bridge, slots++);
        }
        return board;
    }

    private static void number(BoardBuilder builder, String slot) {
        Matcher m = PHYSICAL_SLOT.matcher(slot);
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "physical slot \"" + slot + "\" is not of the form SLOT=NUMBER, as in 00:04.0=4");
        }
        builder.physicalSlot(SlotPath.parse(m.group(1)), Integer.parseInt(m.group(2)));
    }

    /** @param slot physical number of the slot below a port */
    private static void plug(Board board, String bridge, int slot) {
        int split = bridge.indexOf('=');
        if (split < 0) {
            throw new IllegalArgumentException(
                    "bridge \"" + bridge + "\" is not of the form PLACE=KIND, as in 00:1c.0=pcie-root-port");
        }
        String kind = bridge.substring(split + 1).strip();
        Bridge model =
                switch (kind) {
                    case "pci-bridge" -> Bridge.pci();
                    case "pcie-root-port" -> Bridge.rootPort(slot);
                    case "x3130-upstream" -> Bridge.upstreamPort();
                    case "xio3130-downstream" -> Bridge.downstreamPort(slot);
                    case "pcie-pci-bridge" -> Bridge.expressToPci();
                    case "isa-bridge" -> Bridge.isa();
                    default ->
                        throw new IllegalArgumentException("bridge kind \"" + kind
                                + "\" is not known; use pci-bridge, pcie-root-port, x3130-upstream, xio3130-downstream,"
                                + " pcie-pci-bridge or isa-bridge");
                };
        board.plug(bridge.substring(0, split), model);
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
