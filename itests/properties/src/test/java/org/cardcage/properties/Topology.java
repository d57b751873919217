package org.cardcage.properties;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.cardcage.board.Board;
import org.cardcage.board.BoardBuilder;
import org.cardcage.board.Bridge;
import org.cardcage.board.Card;
import org.cardcage.board.SlotPath;
import org.cardcage.device.DeviceModel;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.SteppedScheduler;

/** A board made of random parts, powered, with what there is to know about what sits where. */
final class Topology implements AutoCloseable {

    private static final int DEEPEST = 8;
    private static final int MOST_BUSES = 256;
    private static final int DEVICES = 32;
    private static final int SWITCH_PORTS = 3;

    /** What may be plugged into a bus. */
    private enum Wires {
        ROOT,
        CONVENTIONAL,
        /** One slot, device 0. */
        LINK
    }

    /** The places of a bus; {@code bridge} is null on a root bus. */
    private static final class Places {
        private final SlotPath bridge;
        private final FunctionAddress root;
        private final Wires wires;
        private final int depth;
        private int next;

        Places(FunctionAddress root) {
            this(null, root, Wires.ROOT, 0);
        }

        Places(SlotPath bridge, FunctionAddress root, Wires wires, int depth) {
            this.bridge = bridge;
            this.root = root;
            this.wires = wires;
            this.depth = depth;
        }

        boolean isFree() {
            return next < (wires == Wires.LINK ? 1 : DEVICES);
        }

        SlotPath take() {
            int device = next++;
            return bridge == null
                    ? SlotPath.of(new FunctionAddress(root.domain(), root.bus(), device, 0))
                    : bridge.behind(device, 0);
        }

        Places behind(SlotPath child, Wires kind) {
            return new Places(child, root, kind, depth + 1);
        }
    }

    final Board board;
    final List<String> said = new ArrayList<>();
    final Map<SlotPath, Probe> probes = new LinkedHashMap<>();
    final List<SlotPath> bridges = new ArrayList<>();
    final Map<SlotPath, WrongCard> wrong = new LinkedHashMap<>();
    /** Those that can still take something, and those that are full; the inner buses of switches are not counted. */
    /** The upstream ports of switches by their downstream ports. */
    private final Map<SlotPath, SlotPath> soldered = new LinkedHashMap<>();

    private SlotPath pulled;

    private final List<Places> buses = new ArrayList<>();

    /** A board on which firmware has run. */
    Topology(List<Part> parts) {
        this(builder(), parts);
        board.powerOn();
    }

    private Topology(BoardBuilder builder, List<Part> parts) {
        board = builder.rootBus(0, 0x80).rootBus(1, 0).reporter(said::add).build();
        buses.add(new Places(new FunctionAddress(0, 0, 0, 0)));
        buses.add(new Places(new FunctionAddress(0, 0x80, 0, 0)));
        buses.add(new Places(new FunctionAddress(1, 0, 0, 0)));
        parts.forEach(this::add);
    }

    /** A board without power and firmware, among whose cards are some that are wrong. */
    static Topology withWrongCards(List<Part> parts, List<WrongCard> wrong) {
        Topology topology = new Topology(builder().withoutFirmware(), parts);
        wrong.forEach(topology::add);
        return topology;
    }

    private static BoardBuilder builder() {
        return Board.builder(new SteppedScheduler());
    }

    private void add(WrongCard card) {
        List<Places> free = buses.stream().filter(Places::isFree).toList();
        if (!free.isEmpty()) {
            SlotPath slot = free.get(card.bus() % free.size()).take();
            board.plug(slot, Card.of(new Probe(-1, card.description())));
            wrong.put(slot, card);
        }
    }

    private void add(Part part) {
        List<Places> free = buses.stream().filter(Places::isFree).toList();
        if (free.isEmpty()) {
            return;
        }
        Places at = free.get(part.bus() % free.size());
        boolean isSwitch = part.kind() == Part.Kind.PORT && at.wires == Wires.LINK;
        boolean room = at.depth + (isSwitch ? 2 : 1) <= DEEPEST && buses.size() + SWITCH_PORTS < MOST_BUSES;
        if (part.kind() == Part.Kind.CARD || !room) {
            card(at, part);
        } else if (part.kind() == Part.Kind.PORT && at.wires == Wires.ROOT) {
            bridge(at, Bridge.rootPort(buses.size()), Wires.LINK);
        } else if (isSwitch) {
            addSwitch(at);
        } else {
            bridge(at, at.wires == Wires.LINK ? Bridge.expressToPci() : Bridge.pci(), Wires.CONVENTIONAL);
        }
    }

    private void bridge(Places at, DeviceModel bridge, Wires behind) {
        SlotPath slot = at.take();
        board.plug(slot, Card.of(bridge));
        bridges.add(slot);
        buses.add(at.behind(slot, behind));
    }

    private void addSwitch(Places at) {
        SlotPath upstream = at.take();
        board.plug(upstream, Card.expressSwitch(SWITCH_PORTS));
        bridges.add(upstream);
        Places inside = at.behind(upstream, Wires.CONVENTIONAL);
        for (int port = 0; port < SWITCH_PORTS; port++) {
            SlotPath downstream = inside.take();
            bridges.add(downstream);
            soldered.put(downstream, upstream);
            buses.add(inside.behind(downstream, Wires.LINK));
        }
    }

    private void card(Places at, Part part) {
        SlotPath slot = at.take();
        List<Probe> functions = new ArrayList<>();
        part.functions().forEach(bars -> {
            Probe probe = new Probe(probes.size(), bars);
            probes.put(slot.withFunction(functions.size()), probe);
            functions.add(probe);
        });
        board.plug(slot, Card.of(functions.toArray(DeviceModel[]::new)));
    }

    /** Somebody pulls the card to which the function at this address belongs, with all that is behind it. */
    void pull(FunctionAddress function) {
        Stream.of(probes.keySet(), bridges, wrong.keySet())
                .flatMap(Collection::stream)
                .filter(place -> board.address(place).equals(Optional.of(function)))
                .findFirst()
                .ifPresent(this::pull);
    }

    private void pull(SlotPath place) {
        pulled = soldered.getOrDefault(place, place.withFunction(0));
        board.unplug(pulled);
    }

    /** The card that somebody has pulled, or null. */
    SlotPath pulled() {
        return pulled;
    }

    /** Whether somebody has pulled it. */
    boolean isPulled(SlotPath place) {
        return pulled != null && (place.withFunction(0).equals(pulled) || place.isBehind(pulled));
    }

    /** Where software finds it; empty if the bus numbers did not suffice. */
    Optional<Header> find(SlotPath place) {
        return board.address(place).map(address -> new Header(board, address));
    }

    /** The bridges above a place, from the root bus down. */
    static List<SlotPath> above(SlotPath place) {
        List<SlotPath> bridges = new ArrayList<>();
        for (SlotPath at = place.bridge(); at != null; at = at.bridge()) {
            bridges.add(0, at);
        }
        return bridges;
    }

    /** All that was said about the function at this place. */
    boolean complained(FunctionAddress function) {
        return said.stream().anyMatch(text -> text.contains(function.toString()));
    }

    @Override
    public void close() {
        board.close();
    }
}
