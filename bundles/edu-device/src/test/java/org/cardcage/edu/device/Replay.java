package org.cardcage.edu.device;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.cardcage.board.Board;
import org.cardcage.board.BusPolicy;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/** Does the operations of a recorded trace on a board with an EDU card and says where the answers differ. */
final class Replay {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");
    private static final int WINDOW = 0x10_0000;
    private static final int MARK = 0xa5a5a5a5;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Board board;
    private final IoMemory bar;
    private final IoMemory ram;
    private final long messages;
    private final int messagesSize;
    private final boolean watchPin;
    private final VectorSet pin;
    private final List<String> differences = new ArrayList<>();
    private int rises;

    Replay(JsonNode header) {
        board = Board.builder(scheduler)
                .withoutFirmware()
                .busPolicy(BusPolicy.QEMU)
                .ram(number(header.get("ram_size")))
                .reporter(message -> {})
                .build();
        board.plug(SLOT, new EduDevice(EduOptions.DEFAULT.withDmaMask(number(header.get("dma_mask")))));
        board.powerOn();
        pin = board.vectors(SLOT, VectorKind.INTX, 1, 1);
        pin.connect(0, () -> rises++);
        bar = board.map(number(header.get("bar0")), WINDOW);
        ram = board.map(0, number(header.get("ram_size")));
        messages = number(header.get("msi_window").get(0));
        messagesSize = (int) number(header.get("msi_window").get(1));
        watchPin = !header.has("via");
        for (int i = 0; i < messagesSize; i += 4) {
            ram.write32(messages + i, MARK);
        }
    }

    private static long number(JsonNode node) {
        return node.isTextual() ? Long.parseUnsignedLong(node.asText().substring(2), 16) : node.asLong();
    }

    /** What was different so far, one line each. */
    List<String> differences() {
        return differences;
    }

    /** Does one operation; {@code line} is for the report. */
    void perform(int line, JsonNode op) {
        boolean before = pin.asserted(0);
        rises = 0;
        String where = "line " + line + " " + op + ": ";
        String answer = perform(op);
        if (answer != null) {
            differences.add(where + answer);
        }
        if (watchPin) {
            compare(
                    where + "irq",
                    op.path("irq").toString(),
                    pinChanges(op, before).toString());
        }
        compare(where + "msi", op.path("msi").toString(), sent());
    }

    private void compare(String what, String expected, String actual) {
        String wanted = expected.isEmpty() ? "[]" : expected;
        if (!wanted.equals(actual.replace(" ", ""))) {
            differences.add(what + " is " + actual);
        }
    }

    private List<Integer> pinChanges(JsonNode op, boolean before) {
        boolean after = pin.asserted(0);
        List<Integer> changes = new ArrayList<>();
        if (op.get("op").asText().equals("reset")) {
            if (before != after) {
                changes.add(after ? 1 : 0);
            }
            return changes;
        }
        int falls = rises + (before ? 1 : 0) - (after ? 1 : 0);
        for (int i = 0; i < rises + falls; i++) {
            changes.add((i % 2 == 0) != before ? 1 : 0);
        }
        return changes;
    }

    private String sent() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < messagesSize; i += 4) {
            int data = ram.read32(messages + i);
            if (data != MARK) {
                text.append(text.length() > 1 ? "," : "");
                text.append(String.format("[\"0x%x\",\"0x%x\"]", messages + i, data));
                ram.write32(messages + i, MARK);
            }
        }
        return text.append("]").toString();
    }

    /** The wrong answer, or null. */
    private String perform(JsonNode op) {
        switch (op.get("op").asText()) {
            case "read":
                return differs(number(op.get("val")), read(op));
            case "write":
                write(op);
                return null;
            case "ramread":
                byte[] bytes = new byte[op.get("size").asInt()];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) ram.read8(number(op.get("addr")) + i);
                }
                String data = HexFormat.of().formatHex(bytes);
                return data.equals(op.get("data").asText()) ? null : data;
            case "ramwrite":
                fill(
                        number(op.get("addr")),
                        HexFormat.of().parseHex(op.get("data").asText()));
                return null;
            case "ramfill":
                byte[] same = new byte[(int) number(op.get("size"))];
                Arrays.fill(same, (byte) number(op.get("val")));
                fill(number(op.get("addr")), same);
                return null;
            case "step":
                scheduler.advance(op.get("ns").asLong());
                return differs(op.get("now").asLong(), scheduler.nanoTime());
            case "settle":
                scheduler.settle(Scheduler.NEVER);
                return differs(number(op.get("val")), bar.read(0x20, 4));
            case "reset":
                board.reset();
                return null;
            case "note":
                return null;
            default:
                throw new IllegalArgumentException("unknown operation " + op);
        }
    }

    private static String differs(long expected, long actual) {
        return expected == actual ? null : "answer is 0x" + Long.toHexString(actual);
    }

    private void fill(long address, byte[] data) {
        for (int i = 0; i < data.length; i++) {
            ram.write8(address + i, data[i]);
        }
    }

    private long read(JsonNode op) {
        long address = number(op.get("addr"));
        int size = op.get("size").asInt();
        return switch (op.get("space").asText()) {
            case "cfg" -> board.readConfig(SLOT, (int) address, size) & 0xffff_ffffL;
            case "bar" ->
                address <= WINDOW - size
                        ? bar.read(address, size)
                        : at(bar.address() + address, size).read(0, size);
            case "mem" -> at(address, size).read(0, size);
            default -> throw new IllegalArgumentException("unknown space " + op);
        };
    }

    private void write(JsonNode op) {
        long address = number(op.get("addr"));
        int size = op.get("size").asInt();
        long value = number(op.get("val"));
        switch (op.get("space").asText()) {
            case "cfg" -> board.writeConfig(SLOT, (int) address, size, (int) value);
            case "bar" -> {
                if (address <= WINDOW - size) {
                    bar.write(address, size, value);
                } else {
                    at(bar.address() + address, size).write(0, size, value);
                }
            }
            case "mem" -> at(address, size).write(0, size, value);
            default -> throw new IllegalArgumentException("unknown space " + op);
        }
    }

    private IoMemory at(long address, int size) {
        return board.map(address, size);
    }
}
