package org.cardcage.edu.live;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.cardcage.edu.live.Operation.Space;
import org.cardcage.qemu.internal.Commands;
import org.cardcage.qemu.internal.QemuListener;
import org.cardcage.qemu.internal.QemuProcess;
import org.cardcage.qemu.internal.QemuProgram;
import org.cardcage.qemu.internal.Reply;

/**
 * The card in a QEMU process. Commands are sent without waiting for answers, except where something is awaited that comes by itself.
 *
 * <p>Threads: one; the connection's thread only notes levels of the pin.
 */
final class QemuSide implements AutoCloseable {

    /** The default of the card's option. */
    static final long DEFAULT_MASK = 0x0fff_ffff;

    private static final int BRIDGE = 1;
    private static final int ROUTES = 0x60;
    private static final int LINE = 11;
    private static final HexFormat HEX = HexFormat.of();

    private final Queue<Flight> flights = new ConcurrentLinkedQueue<>();
    private final QemuProcess process;
    private final Commands commands;
    private long now;

    /** A factorial was over before what was to be done meanwhile. */
    static final class TooFastException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    QemuSide(QemuProgram program, long dmaMask) throws IOException {
        String card = "edu,addr=4" + (dmaMask == DEFAULT_MASK ? "" : ",dma_mask=" + Long.toUnsignedString(dmaMask));
        List<String> arguments = List.of("-machine", "pc", "-nodefaults", "-m", Places.RAM_MIB + "M", "-device", card);
        process = QemuProcess.start(
                new QemuProcess.Setup(program, "edu", arguments, QemuProcess.PATIENCE, new QemuListener() {
                    @Override
                    public void irq(int line, boolean raised) {
                        note(line, raised);
                    }

                    @Override
                    public void gone(IOException reason) {
                        // whoever waits for an answer is told
                    }
                }));
        commands = process.qtest().commands();
        Reply intercepted = commands.interceptIrqIn("ioapic");
        routeInterrupts();
        Flight.silenceDoorbell(commands);
        Reply time = commands.clockStep(1);
        commands.send();
        intercepted.text();
        now = time.value();
    }

    /** Leads all four lines of the bus to one input; power-on and reset leave them without any. */
    private void routeInterrupts() {
        for (int route = ROUTES; route < ROUTES + 4; route++) {
            Flight.writeConfig(commands, BRIDGE, route, 1, LINE);
        }
    }

    private void note(int line, boolean raised) {
        while (!flights.isEmpty() && flights.peek().isOver()) {
            flights.remove();
        }
        if (line == LINE && !flights.isEmpty()) {
            flights.peek().pin(raised);
        }
    }

    /** Virtual time in nanoseconds after the last operation. */
    long now() {
        return now;
    }

    /**
     * Does operations.
     *
     * @param operand of factorials that take a while
     * @param patience how long to wait for each thing that comes by itself
     * @return what they have shown, in their order
     */
    List<Outcome> perform(List<Planned> plan, int operand, Duration patience) throws IOException, TooFastException {
        List<Flight> all = new ArrayList<>(plan.size());
        flights.clear();
        for (Planned planned : plan) {
            Flight flight = new Flight(planned);
            flight.launch(commands, operand);
            all.add(flight);
            flights.add(flight);
            if (flight.isHeld()) {
                commands.send();
                if (!flight.computedLongEnough(operand)) {
                    throw new TooFastException();
                }
                awaitEnd(flight, System.nanoTime() + patience.toNanos());
            }
        }
        Reply time = commands.clockStep(1);
        commands.send();
        now = time.value(); // all others are there then, and what came between them
        List<Outcome> outcomes = new ArrayList<>(all.size());
        for (Flight flight : all) {
            outcomes.add(flight.outcome());
        }
        return outcomes;
    }

    private void awaitEnd(Flight flight, long deadline) throws IOException {
        if (flight.planned().evidence() == null) {
            awaitReset(deadline);
            routeInterrupts();
            Reply doorbell = Flight.readDoorbell(commands);
            commands.send();
            flight.release(HEX.formatHex(doorbell.bytes()), "");
        } else {
            awaitEvidence(flight, deadline);
        }
        if (!flight.planned().outcome().doorbell().isEmpty()) {
            Flight.silenceDoorbell(commands);
        }
    }

    private void awaitReset(long deadline) throws IOException {
        Reply cacheLine;
        do {
            cacheLine = Flight.read(commands, Space.CONFIG, Card.CACHE_LINE, 1);
            commands.send();
        } while (cacheLine.value() != 0 && System.nanoTime() < deadline);
    }

    private void awaitEvidence(Flight flight, long deadline) throws IOException {
        Evidence expected = flight.planned().evidence();
        while (true) {
            Evidence seen = look(expected.window());
            if (seen.equals(expected)) {
                flight.release(seen.doorbell(), "");
                return;
            }
            if (System.nanoTime() > deadline) {
                flight.release(seen.doorbell(), "waited for " + expected + " and saw " + seen);
                return;
            }
        }
    }

    private Evidence look(long window) throws IOException {
        Reply status = commands.read(window + Card.STATUS, 4);
        Reply pending = commands.read(window + Card.IRQ_STATUS, 4);
        Reply config = Flight.read(commands, Space.CONFIG, Card.CONFIG_STATUS, 2);
        Reply doorbell = Flight.readDoorbell(commands);
        commands.send();
        boolean requested = (config.value() & Card.PIN_REQUESTED) != 0;
        return new Evidence(window, status.value(), pending.value(), requested, HEX.formatHex(doorbell.bytes()));
    }

    @Override
    public void close() {
        process.close();
    }
}
