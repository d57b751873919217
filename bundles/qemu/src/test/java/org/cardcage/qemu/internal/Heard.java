package org.cardcage.qemu.internal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** Notes what it is told. */
final class Heard implements QemuListener {

    final List<String> lines = new CopyOnWriteArrayList<>();
    final List<String> words = new CopyOnWriteArrayList<>();
    final BlockingQueue<IOException> ends = new LinkedBlockingQueue<>();

    @Override
    public void irq(int line, boolean raised) {
        lines.add(line + (raised ? " raised" : " lowered"));
    }

    @Override
    public void message(String line) {
        words.add(line);
    }

    @Override
    public void gone(IOException reason) {
        ends.add(reason);
    }
}
