package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.cardcage.machine.InterruptSink;

/**
 * What a change of configuration space has as a consequence outside, where foreign code is called. Collected with the lock of
 * the {@link Fabric} held, carried out without it. For one thread.
 */
final class Consequences {

    private final List<InterruptSink> edges = new ArrayList<>();
    private final Set<Function> interrupting = new LinkedHashSet<>();
    private final List<Function> reset = new ArrayList<>();
    private final Set<Function> links = new LinkedHashSet<>();

    /** A line has risen. */
    void edges(List<InterruptSink> sinks) {
        edges.addAll(sinks);
    }

    /** A port has got a cause for a message. */
    void interrupts(Function port) {
        interrupting.add(port);
    }

    /** The model has to follow a reset of its bus. */
    void reset(Function function) {
        reset.add(function);
    }

    /** The link below a port has been switched off or on. */
    void linkSwitched(Function port) {
        links.add(port);
    }

    List<Function> switchedLinks() {
        return List.copyOf(links);
    }

    /** Tells the handlers of what can interrupt. */
    void interrupt() {
        edges.forEach(InterruptSink::raised);
        interrupting.forEach(port -> port.messages.signal(0));
    }

    /** Resets models, then says of which ports the link is another one. */
    void reset(Consumer<Function> switchedLinks) {
        reset.forEach(Function::resetModel);
        links.forEach(switchedLinks);
    }
}
