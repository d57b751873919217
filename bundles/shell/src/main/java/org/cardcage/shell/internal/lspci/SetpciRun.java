package org.cardcage.shell.internal.lspci;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.cardcage.shell.internal.command.Invocation;
import org.cardcage.shell.internal.lspci.SetpciRegisters.Base;
import org.cardcage.shell.internal.lspci.SetpciRegisters.Named;

/** Does operations of {@code setpci} on functions. */
final class SetpciRun {

    private static final int CONFIG = 0x1000;

    private final Invocation call;
    private final boolean verbose;
    private final boolean demo;

    /**
     * @param verbose whether every step is told
     * @param demo whether nothing is written
     */
    SetpciRun(Invocation call, boolean verbose, boolean demo) {
        this.call = call;
        this.verbose = verbose;
        this.demo = demo;
    }

    /**
     * Does one.
     *
     * @throws IllegalArgumentException if the function has no such register, or refuses
     */
    void execute(SetpciOperation op, ConfigTarget target) throws IOException {
        String slot = target.function().slot().toString();
        Named register = op.register();
        trace(slot + " ");
        int start = register.base() == Base.HEADER ? 0 : capability(op, target, slot);
        int address = start + register.offset() + op.offset();
        trace(String.format("@%02x", address));
        if (address % op.width() != 0) {
            throw new IllegalArgumentException(
                    String.format("%s: Unaligned access of width %d to register %04x", slot, op.width(), address));
        }
        if (address + op.width() > CONFIG) {
            throw new IllegalArgumentException(
                    String.format("%s: Access of width %d to register %04x out of range", slot, op.width(), address));
        }
        if (!register.isIn((int) target.read(0x0e, 1) & 0x7f)) {
            throw new IllegalArgumentException(slot + ": Does not have register " + register.name() + ".");
        }
        if (op.values().isEmpty()) {
            trace(" = ");
            call.println(hex(target.read(address, op.width()), op.width()));
            return;
        }
        for (SetpciOperation.Value value : op.values()) {
            write(target, address, op.width(), value);
            address += op.width();
        }
        trace("\n");
    }

    private int capability(SetpciOperation op, ConfigTarget target, String slot) throws IOException {
        Named register = op.register();
        boolean plain = register.base() == Base.CAPABILITY;
        List<Integer> found = target.capabilities(register.base(), register.id());
        if (op.instance() >= found.size()) {
            String missing = String.format(
                    "%s: Instance #%d of %s %04x not found - there ",
                    slot, op.instance(), plain ? "Capability" : "Extended capability", register.id());
            String instead =
                    switch (found.size()) {
                        case 0 -> "are no capabilities";
                        case 1 -> "is only 1 capability";
                        default -> "are only " + found.size() + " capabilities";
                    };
            throw new IllegalArgumentException(missing + instead + " with that id.");
        }
        int at = found.get(op.instance());
        trace(String.format(plain ? "(cap %02x @%02x) " : "(ecap %04x @%03x) ", register.id(), at));
        return at;
    }

    private void write(ConfigTarget target, int address, int width, SetpciOperation.Value value) throws IOException {
        long now = value.value();
        if (value.masked()) {
            long before = target.read(address, width);
            now = before & ~value.mask() | value.value();
            trace(String.format(
                    " %s->(%s:%s)->%s",
                    hex(before, width), hex(value.value(), width), hex(value.mask(), width), hex(now, width)));
        } else {
            trace(" " + hex(now, width));
        }
        Optional<String> refusal = target.refusal();
        if (!demo && refusal.isPresent()) {
            call.message(refusal.get());
        } else if (!demo) {
            target.write(address, width, now & (1L << 8 * width) - 1);
        }
    }

    private void trace(String text) throws IOException {
        if (verbose) {
            call.print(text);
        }
    }

    private static String hex(long value, int width) {
        return String.format("%0" + 2 * width + "x", value);
    }
}
