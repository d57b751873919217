package org.cardcage.edu.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.cardcage.board.Board;
import org.cardcage.board.BusPolicy;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.SteppedScheduler;

/**
 * Does the operations of a recording on a board with an EDU card, from power-on, and compares answers, levels of the pin,
 * messages and memory. The first operation that differs ends it.
 *
 * <p>For one thread.
 */
final class Replay {

    static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");

    private static final int BEFORE = 10;
    private static final int STATUS = 0x20;
    private static final int COMMAND_AND_STATUS = 0x04;
    private static final int MSI_CONTROL = 0x42;

    private final Trace trace;
    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final List<String> reports = new ArrayList<>();
    private final EduDevice card;
    private final HeldCard held;
    private final Board board;
    private final IoMemory ram;
    private final PinWatch pin;
    private final MessageWindow window;
    private final GuestCpu cpu;
    private final GuestCpu.Bus bus;
    private int performed;
    private final List<Integer> levels = new ArrayList<>();

    Replay(Trace trace) {
        this.trace = trace;
        card = new EduDevice(EduOptions.DEFAULT.withDmaMask(trace.dmaMask()));
        held = new HeldCard(card);
        board = Board.builder(scheduler)
                .withoutFirmware()
                .busPolicy(BusPolicy.QEMU)
                .ram(trace.ramSize())
                .reporter(reports::add)
                .build();
        board.plug(SLOT, held);
        board.powerOn();
        ram = board.map(0, trace.ramSize());
        pin = new PinWatch(board, SLOT);
        window = trace.messageWindow();
        window.fill(ram);
        cpu = trace.cpu();
        bus = new PhysicalBus(board);
    }

    /** How many operations have been done. */
    int performed() {
        return performed;
    }

    /**
     * Does all operations up to the first difference.
     *
     * @return what differs: the operation, both answers and the ten operations before
     * @throws IllegalArgumentException if an operation is not of the format
     */
    Optional<String> run() {
        List<Operation> operations = trace.operations();
        for (Operation op : operations) {
            List<String> differences = op.isFatal() ? performFatal(op) : perform(op);
            performed++;
            if (!differences.isEmpty()) {
                return Optional.of(describe(op, differences));
            }
        }
        return Optional.empty();
    }

    private String describe(Operation op, List<String> differences) {
        StringBuilder text = new StringBuilder(trace.name());
        text.append(": ").append(op).append('\n');
        differences.forEach(d -> text.append("  ").append(d).append('\n'));
        text.append("operations before:\n");
        List<Operation> done = trace.operations().subList(Math.max(0, performed - 1 - BEFORE), performed - 1);
        done.forEach(o -> text.append("  ").append(o).append('\n'));
        return text.toString();
    }

    private List<String> perform(Operation op) {
        List<String> differences = new ArrayList<>();
        String answer = answer(op);
        compare(differences, "answer", expected(op), answer);
        boolean reset = op.kind().equals("reset");
        levels.addAll(reset ? pin.takeNet() : pin.take());
        if (!trace.isByGuest()) {
            compareEvents(differences, op);
        }
        return differences;
    }

    private void compareEvents(List<String> differences, Operation op) {
        boolean told = !isComputing();
        if (told || op.has("irq")) {
            compare(differences, "irq", op.events("irq"), levels.toString().replace(" ", ""));
            levels.clear();
        }
        if (told || op.has("msi")) {
            compare(differences, "msi", op.events("msi"), held.hasWritten() ? window.take(ram) : "[]");
        }
    }

    private List<String> performFatal(Operation op) {
        OutOfRange transfer = new OutOfRange(card, ram, trace.dmaMask(), reports);
        answer(op);
        boolean messages = (board.readConfig(SLOT, MSI_CONTROL, 2) & 1) != 0;
        return transfer.differencesFromDeviation(board.readConfig(SLOT, COMMAND_AND_STATUS, 4), messages);
    }

    private static void compare(List<String> differences, String what, String recorded, String ours) {
        if (!recorded.equals(ours)) {
            differences.add(what + " recorded: " + recorded + ", ours: " + ours);
        }
    }

    /** From the write of an operand to the operation that waits for the result, recordings tell of no events. */
    private boolean isComputing() {
        return (card.read(0, STATUS, Integer.BYTES) & EduFactorial.COMPUTING) != 0;
    }

    /** The recorded answer, as {@link #answer} writes it; empty if there is none. */
    private static String expected(Operation op) {
        return switch (op.kind()) {
            case "read", "settle" -> hex(op.number("val"));
            case "ramread" -> op.text("data");
            case "step" -> Long.toString(op.number("now"));
            default -> "";
        };
    }

    /** Does the operation; our answer, or empty. */
    private String answer(Operation op) {
        switch (op.kind()) {
            case "read":
                return hex(read(op));
            case "write":
                write(op);
                return "";
            case "ramread":
                return HexFormat.of().formatHex(load(op.number("addr"), op.size("size")));
            case "ramwrite":
                store(op.number("addr"), HexFormat.of().parseHex(op.text("data")));
                return "";
            case "ramfill":
                byte[] same = new byte[op.size("size")];
                Arrays.fill(same, (byte) op.number("val"));
                store(op.number("addr"), same);
                return "";
            case "step":
                scheduler.advance(op.number("ns"));
                return Long.toString(scheduler.nanoTime());
            case "settle":
                held.settle();
                return hex(bus.read(trace.bar0() + STATUS, 4));
            case "reset":
                board.reset();
                return "";
            case "note":
                return "";
            default:
                throw new IllegalArgumentException("an unknown kind of operation: " + op);
        }
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private byte[] load(long address, int size) {
        byte[] data = new byte[size];
        for (int i = 0; i < size; i++) {
            data[i] = (byte) ram.read8(address + i);
        }
        return data;
    }

    private void store(long address, byte[] data) {
        for (int i = 0; i < data.length; i++) {
            ram.write8(address + i, data[i]);
        }
    }

    private long read(Operation op) {
        long address = op.number("addr");
        int size = op.size("size");
        return switch (op.text("space")) {
            case "cfg" -> Integer.toUnsignedLong(board.readConfig(SLOT, (int) address, size));
            case "bar" -> cpu.load(bus, trace.bar0() + address, size);
            case "mem" -> cpu.load(bus, address, size);
            default -> throw new IllegalArgumentException("an unknown space: " + op);
        };
    }

    private void write(Operation op) {
        long address = op.number("addr");
        int size = op.size("size");
        long value = op.number("val");
        switch (op.text("space")) {
            case "cfg" -> board.writeConfig(SLOT, (int) address, size, (int) value);
            case "bar" -> cpu.store(bus, trace.bar0() + address, size, value);
            case "mem" -> cpu.store(bus, address, size, value);
            default -> throw new IllegalArgumentException("an unknown space: " + op);
        }
    }
}
