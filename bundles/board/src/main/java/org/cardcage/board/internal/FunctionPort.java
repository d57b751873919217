package org.cardcage.board.internal;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.cardcage.device.DeviceClock;
import org.cardcage.device.DmaPort;
import org.cardcage.device.FunctionPorts;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.Timer;

/**
 * What a model is plugged into. Once {@link #cut}, nothing that the model does has an effect any more, and what it
 * scheduled does not run.
 *
 * <p>Threads: any, without a lock of its own.
 */
public final class FunctionPort implements FunctionPorts, DmaPort, DeviceClock, Messages.Port {

    private final Fabric fabric;
    private final Function function;
    private final Scheduler scheduler;
    private final Consumer<String> reporter;
    private final Events events;
    private final Lane lane;
    /** Those that have neither gone off nor been cancelled. */
    private final Set<PortAlarm> alarms = ConcurrentHashMap.newKeySet();

    private volatile boolean cut;

    /** An alarm of the model. */
    private final class PortAlarm implements Alarm {
        private final Runnable action;
        /** Null while it is being scheduled. */
        private volatile Timer timer;

        PortAlarm(Runnable action) {
            this.action = action;
        }

        void ring() {
            alarms.remove(this);
            if (!cut) {
                action.run();
            }
        }

        @Override
        public boolean cancel() {
            alarms.remove(this);
            Timer scheduled = timer;
            return scheduled != null && scheduled.cancel();
        }
    }

    public FunctionPort(
            Fabric fabric, Function function, Scheduler scheduler, Consumer<String> reporter, Events events) {
        this.fabric = fabric;
        this.function = function;
        this.scheduler = scheduler;
        this.reporter = reporter;
        this.events = events;
        lane = scheduler.lane("card-" + function.path);
        function.messages.connect(this);
    }

    /** Pulls the plug. Does not wait for what is under way. */
    public void cut() {
        cut = true;
        function.messages.cut();
        lane.close();
        alarms.forEach(PortAlarm::cancel);
    }

    @Override
    public DmaPort dma() {
        return this;
    }

    @Override
    public boolean read(long address, ByteBuffer to) {
        return fabric.master().read(function, address, to);
    }

    @Override
    public boolean write(long address, ByteBuffer from) {
        return fabric.master().write(function, address, from);
    }

    @Override
    public boolean messagesEnabled() {
        return function.messages.enabled();
    }

    @Override
    public void signal(int vector) {
        function.messages.signal(vector);
    }

    @Override
    public boolean write(long address, int data) {
        return fabric.master().write(function, address, data);
    }

    @Override
    public String obstacle(long address) {
        for (Function bridge = function.bus.bridge; bridge != null; bridge = bridge.bus.bridge) {
            if (!bridge.busMaster) {
                return "bus master of the bridge " + bridge + " is off (bit 2 of its command register)";
            }
        }
        return String.format("nothing takes a write to 0x%x", address);
    }

    @Override
    public void setPin(boolean asserted) {
        fabric.setPin(function, asserted, 0);
    }

    @Override
    public void setPin(boolean asserted, long order) {
        fabric.setPin(function, asserted, order);
    }

    @Override
    public void wake() {
        if (!cut) {
            fabric.ports().wake(function).ifPresent(f -> events.post(l -> l.wakeRequested(f)));
        }
    }

    @Override
    public DeviceClock clock() {
        return this;
    }

    @Override
    public long nanoTime() {
        return scheduler.nanoTime();
    }

    @Override
    public Alarm schedule(long deadline, Runnable action) {
        PortAlarm alarm = new PortAlarm(action);
        alarms.add(alarm); // first, or else one that rings at once would stay there
        alarm.timer = scheduler.schedule(deadline, alarm::ring);
        if (cut) { // by somebody who has not seen the timer
            alarm.cancel();
        }
        return alarm;
    }

    @Override
    public Executor executor() {
        return this::execute;
    }

    private void execute(Runnable task) {
        try {
            lane.execute(unlessCut(task));
        } catch (RejectedExecutionException closed) {
            if (!cut) {
                throw closed;
            }
        }
    }

    private Runnable unlessCut(Runnable action) {
        return () -> {
            if (!cut) {
                action.run();
            }
        };
    }

    @Override
    public void report(String message) {
        reporter.accept(function + ": " + message);
    }
}
