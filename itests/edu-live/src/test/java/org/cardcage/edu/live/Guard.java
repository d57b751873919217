package org.cardcage.edu.live;

import java.util.List;
import org.cardcage.edu.live.Operation.Space;

/**
 * Keeps from both sides what cannot be compared, by the state that our card is in:
 *
 * <ul>
 *   <li>a transfer whose device side leaves the buffer: QEMU then reads or writes its own memory;
 *   <li>a transfer to or from RAM that is not set again before the next sequence, or to the registers of the factorial;
 *   <li>an operand that QEMU multiplies at for long;
 *   <li>an interrupt of the factorial that leaves no trace to wait for. In QEMU it comes a moment after the unit has ceased to
 *       compute. So its pending bit is acknowledged first, where otherwise nothing would change; recordings show that case.
 * </ul>
 */
final class Guard {

    private static final long LONGEST_OPERAND = 50_000;

    private final ModelSide model;
    private final long dmaMask;

    Guard(ModelSide model, long dmaMask) {
        this.model = model;
        this.dmaMask = dmaMask;
    }

    /** What to do instead: the operation itself, nothing, or something before it. */
    List<Operation> admit(Operation operation) {
        if (operation instanceof Operation.WhileComputing computing) {
            long window = computing.window();
            if (register(window, Card.IDENTIFICATION) != Card.IDENTITY) {
                return List.of();
            }
            return startsFactorial(window, operation);
        }
        if (!(operation instanceof Operation.Write write) || write.space() == Space.CONFIG) {
            return List.of(operation);
        }
        long window = write.address() & -Places.WINDOW_SIZE;
        if (reaches(write, window + Card.DMA_CMD) && (part(write, window + Card.DMA_CMD) & Card.RUN) != 0) {
            return mayTransfer(window, part(write, window + Card.DMA_CMD)) ? List.of(operation) : List.of();
        }
        if (reaches(write, window + Card.FACTORIAL)) {
            return part(write, window + Card.FACTORIAL) > LONGEST_OPERAND
                    ? List.of()
                    : startsFactorial(window, operation);
        }
        return List.of(operation);
    }

    /** Whether the access may come to the 4 bytes of a register in one piece. */
    private static boolean reaches(Operation.Write write, long register) {
        return write.address() <= register && write.address() + write.size() >= register + 4;
    }

    private static long part(Operation.Write write, long register) {
        return write.value() >>> 8 * (register - write.address()) & 0xffff_ffffL;
    }

    private boolean mayTransfer(long window, long command) {
        long source = model.read(Space.MEMORY, window + Card.DMA_SRC, 8);
        long destination = model.read(Space.MEMORY, window + Card.DMA_DST, 8);
        long count = model.read(Space.MEMORY, window + Card.DMA_COUNT, 8);
        boolean toRam = (command & Card.TO_RAM) != 0;
        long device = toRam ? source : destination;
        long bus = (toRam ? destination : source) & dmaMask;
        return new Places.Area(Card.BUFFER, Card.BUFFER_SIZE).holds(device, count) && Places.isSafe(bus, count);
    }

    private List<Operation> startsFactorial(long window, Operation operation) {
        boolean interrupts = operation instanceof Operation.WhileComputing
                || (register(window, Card.STATUS) & Card.INTERRUPT_WHEN_DONE) != 0;
        if (!interrupts) {
            return List.of(operation);
        }
        boolean messages = (config(Card.MSI_CONTROL, 2) & Card.MSI_ENABLE) != 0;
        long target = config(Card.MSI_ADDRESS, 4) | config(Card.MSI_ADDRESS_HIGH, 4) << 32;
        if (messages && Places.isInWindow(target)) {
            return List.of(); // the message may take back the bit that would show it
        }
        boolean pending = (register(window, Card.IRQ_STATUS) & Card.FACTORIAL_INTERRUPT) != 0;
        boolean shows = messages
                ? (config(Card.COMMAND, 2) & Card.BUS_MASTER) != 0 && Places.DOORBELL.holds(target, 4)
                : (config(Card.CONFIG_STATUS, 2) & Card.PIN_REQUESTED) == 0;
        // what happens meanwhile may change all that but the pending bit
        boolean certain = !(operation instanceof Operation.WhileComputing);
        return pending && !(shows && certain) ? List.of(acknowledge(window), operation) : List.of(operation);
    }

    static Operation acknowledge(long window) {
        return new Operation.Write(Space.MEMORY, window + Card.IRQ_ACK, 4, Card.FACTORIAL_INTERRUPT);
    }

    private long register(long window, int offset) {
        return model.read(Space.MEMORY, window + offset, 4);
    }

    private long config(int offset, int size) {
        return model.read(Space.CONFIG, offset, size);
    }
}
