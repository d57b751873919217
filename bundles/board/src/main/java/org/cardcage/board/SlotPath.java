package org.cardcage.board;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.machine.FunctionAddress;

/**
 * Where a card sits, whatever numbers the buses have: the address of a function on a root bus, and for each bridge on the way
 * the device and function behind it. As text it is what {@code lspci -P} prints, {@code 0000:00:1c.0/00.0}.
 *
 * @param root on a root bus
 * @param below the way down, each element a device number times 8 plus a function number
 */
public record SlotPath(FunctionAddress root, List<Integer> below) implements Comparable<SlotPath> {

    private static final int FUNCTIONS = 8;
    private static final int PLACES = 32 * FUNCTIONS;

    /** @throws IllegalArgumentException if an element of the way down is no device and function */
    public SlotPath {
        below = List.copyOf(below);
        for (int place : below) {
            if (place < 0 || place >= PLACES) {
                throw new IllegalArgumentException("a bus has no place " + place);
            }
        }
    }

    /** A place on a root bus. */
    public static SlotPath of(FunctionAddress root) {
        return new SlotPath(root, List.of());
    }

    /**
     * Reads the form {@code [[domain:]bus:]device[.function][/device[.function]]…}, all numbers hexadecimal; what is left out
     * is 0.
     *
     * @throws IllegalArgumentException if the text has another form or a number is out of its range
     */
    public static SlotPath parse(String text) {
        String[] parts = text.strip().split("/", -1);
        List<Integer> below = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].indexOf(':') >= 0) {
                throw new IllegalArgumentException(
                        "\"" + text + "\": behind a bridge a place is device.function, without a bus number");
            }
            FunctionAddress place = FunctionAddress.parse(parts[i]);
            below.add(FUNCTIONS * place.device() + place.function());
        }
        return new SlotPath(FunctionAddress.parse(parts[0]), below);
    }

    private int last() {
        return below.get(below.size() - 1);
    }

    /** Whether it is on a root bus. */
    public boolean onRootBus() {
        return below.isEmpty();
    }

    /** The bridge that it is behind; null on a root bus. */
    public SlotPath bridge() {
        return below.isEmpty() ? null : new SlotPath(root, below.subList(0, below.size() - 1));
    }

    public int device() {
        return below.isEmpty() ? root.device() : last() / FUNCTIONS;
    }

    public int function() {
        return below.isEmpty() ? root.function() : last() % FUNCTIONS;
    }

    /** The same place with another function number. */
    public SlotPath withFunction(int number) {
        return below.isEmpty() ? of(root.withFunction(number)) : bridge().behind(device(), number);
    }

    /** A place behind the bridge that sits here. */
    public SlotPath behind(int device, int function) {
        List<Integer> longer = new ArrayList<>(below);
        longer.add(FUNCTIONS * device + function);
        return new SlotPath(root, longer);
    }

    /** Whether it is behind the bridge at {@code other}, or behind one that is. */
    public boolean isBehind(SlotPath other) {
        return root.equals(other.root)
                && below.size() > other.below.size()
                && below.subList(0, other.below.size()).equals(other.below);
    }

    /** In the order of the places on each bus; a bridge comes before what is behind it. */
    @Override
    public int compareTo(SlotPath o) {
        int c = root.compareTo(o.root);
        for (int i = 0; c == 0 && i < Math.min(below.size(), o.below.size()); i++) {
            c = Integer.compare(below.get(i), o.below.get(i));
        }
        return c != 0 ? c : Integer.compare(below.size(), o.below.size());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(root.toString());
        for (int place : below) {
            text.append(String.format("/%02x.%x", place / FUNCTIONS, place % FUNCTIONS));
        }
        return text.toString();
    }
}
