package org.cardcage.qemu.internal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/** Keeps the end of a process from its listener if that comes before the start was a success: then the starter throws. */
final class StartGate implements QemuListener {

    private enum State {
        STARTING,
        RUNNING,
        GONE
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);
    private final QemuListener listener;

    StartGate(QemuListener listener) {
        this.listener = listener;
    }

    /** The start was a success. Returns false if the process has ended meanwhile, which the listener is then not told. */
    boolean open() {
        return state.compareAndSet(State.STARTING, State.RUNNING);
    }

    @Override
    public void irq(int line, boolean raised) {
        listener.irq(line, raised);
    }

    @Override
    public void message(String line) {
        listener.message(line);
    }

    @Override
    public void gone(IOException reason) {
        if (state.getAndSet(State.GONE) == State.RUNNING) {
            listener.gone(reason);
        }
    }
}
