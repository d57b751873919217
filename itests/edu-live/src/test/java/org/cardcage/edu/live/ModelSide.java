package org.cardcage.edu.live;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.cardcage.board.Board;
import org.cardcage.board.BusPolicy;
import org.cardcage.edu.device.EduDevice;
import org.cardcage.edu.device.EduOptions;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/** Our card on our board, just powered on. For one thread. */
final class ModelSide implements AutoCloseable {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");
    private static final int CONFIG_SIZE = 256;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Board board;
    private final IoMemory ram;
    private final VectorSet pin;
    private final Map<Long, IoMemory> handles = new HashMap<>();
    private int rises;

    /**
     * @param dmaMask of the card
     * @param now where time begins, in nanoseconds
     */
    ModelSide(long dmaMask, long now) {
        scheduler.advance(now);
        board = Board.builder(scheduler)
                .withoutFirmware()
                .busPolicy(BusPolicy.QEMU)
                .ram(Places.RAM_SIZE)
                .reporter(message -> {})
                .build();
        board.plug(SLOT, new EduDevice(EduOptions.DEFAULT.withDmaMask(dmaMask)));
        board.powerOn();
        ram = board.map(0, Places.RAM_SIZE);
        pin = board.vectors(SLOT, VectorKind.INTX, 1, 1);
        pin.connect(0, () -> rises++);
    }

    /**
     * Does an operation. A factorial that it starts is not waited for: {@link #settle} does that.
     *
     * @param operand what {@link Operation.WhileComputing} starts with
     */
    String perform(Operation operation, int operand) {
        if (operation instanceof Operation.Read r) {
            return hex(read(r.space(), r.address(), r.size()));
        } else if (operation instanceof Operation.Write w) {
            write(w.space(), w.address(), w.size(), w.value());
        } else if (operation instanceof Operation.Fill f) {
            for (int i = 0; i < f.length(); i++) {
                ram.write8(f.address() + i, f.value());
            }
        } else if (operation instanceof Operation.ReadBlock r) {
            return block(r.address(), r.length());
        } else if (operation instanceof Operation.ReadAllConfig) {
            StringBuilder text = new StringBuilder();
            for (int offset = 0; offset < CONFIG_SIZE; offset += 4) {
                text.append(offset == 0 ? "" : " ").append(hex(read(Operation.Space.CONFIG, offset, 4)));
            }
            return text.toString();
        } else if (operation instanceof Operation.Step s) {
            scheduler.advance(s.nanos());
            return hex(scheduler.nanoTime());
        } else if (operation instanceof Operation.Reset) {
            board.reset();
        } else if (operation instanceof Operation.WhileComputing c) {
            write(Operation.Space.MEMORY, c.window() + Card.FACTORIAL, 4, operand);
            return c.meanwhile().stream()
                    .map(inner -> perform(inner, 0))
                    .filter(answer -> !answer.isEmpty())
                    .collect(Collectors.joining(" "));
        }
        return "";
    }

    /** Lets a computation that was started come to its end. */
    void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    boolean pin() {
        return pin.asserted(0);
    }

    /** How often the pin has risen. */
    int rises() {
        return rises;
    }

    String block(long address, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ram.read8(address + i);
        }
        return HexFormat.of().formatHex(bytes);
    }

    long read(Operation.Space space, long address, int size) {
        return space == Operation.Space.CONFIG
                ? board.readConfig(SLOT, (int) address, size) & 0xffff_ffffL
                : handle(address).read(address & Places.WINDOW_SIZE - 1, size);
    }

    private void write(Operation.Space space, long address, int size, long value) {
        if (space == Operation.Space.CONFIG) {
            board.writeConfig(SLOT, (int) address, size, (int) value);
        } else {
            handle(address).write(address & Places.WINDOW_SIZE - 1, size, value);
        }
    }

    /** An access may begin in one MiB and end in the next. */
    private IoMemory handle(long address) {
        return handles.computeIfAbsent(
                address & -Places.WINDOW_SIZE, start -> board.map(start, 2 * Places.WINDOW_SIZE));
    }

    private static String hex(long value) {
        return Long.toHexString(value);
    }

    @Override
    public void close() {
        board.close();
    }
}
