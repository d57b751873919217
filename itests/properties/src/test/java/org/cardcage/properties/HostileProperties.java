package org.cardcage.properties;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import org.cardcage.board.SlotPath;
import org.cardcage.device.Bar;
import org.cardcage.firmware.Firmware;
import org.cardcage.kernel.Kernel;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Scheduler;
import org.cardcage.pci.internal.PciCore;

/** Whatever configuration space says: firmware and the kernel come to an end, name what is wrong, and the rest works. */
abstract class HostileProperties {

    /** A generous bound for what one function, or the search for one, costs. */
    private static final long CYCLES_PER_PLACE = 3_000;

    private static final long PLACES_PER_BUS = 32;

    @Provide
    Arbitrary<List<Part>> few() {
        return Parts.few();
    }

    @Provide
    Arbitrary<List<WrongCard>> wrong() {
        return WrongCard.any().list().ofMinSize(1).ofMaxSize(8);
    }

    @Provide
    Arbitrary<Integer> moments() {
        return Arbitraries.integers().between(1, 4000);
    }

    /** Cards that are wrong on purpose. */
    static void wrongCardsDoNoHarm(List<Part> parts, List<WrongCard> wrong) {
        try (Topology topology = Topology.withWrongCards(parts, wrong)) {
            enumerate(topology, 0);
        }
    }

    /** A card that vanishes between two reads, and with it all behind it. */
    static void aCardThatVanishesDoesNoHarm(List<Part> parts, int moment) {
        try (Topology topology = Topology.withWrongCards(parts, List.of())) {
            enumerate(topology, moment);
        }
    }

    private static void enumerate(Topology topology, int loseAt) {
        topology.board.powerOn();
        long places = (topology.bridges.size() + topology.wrong.size() + 3) * PLACES_PER_BUS + topology.probes.size();
        WatchedMachine machine = new WatchedMachine(topology, CYCLES_PER_PLACE * places, loseAt);
        Scheduler scheduler = topology.board.scheduler();
        Kernel kernel = new Kernel(new KernelLog(1 << 16, scheduler::nanoTime), scheduler);
        PciCore pci = new PciCore(kernel);
        try {
            new Firmware(machine, topology.said::add).run();
            pci.addMachine(machine);
            settle(scheduler);
            List<String> log =
                    kernel.log().records().stream().map(LogRecord::text).toList();
            topology.wrong.forEach((place, card) -> checkNamed(topology, place, card, log));
            topology.probes.forEach((place, probe) -> checkWorks(topology, pci, place, probe));
        } finally {
            kernel.close();
            pci.close();
        }
    }

    private static void settle(Scheduler scheduler) {
        try {
            scheduler.settle(Scheduler.NEVER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the machine settles", e);
        }
    }

    private static void checkNamed(Topology topology, SlotPath place, WrongCard card, List<String> log) {
        topology.board
                .address(place)
                .filter(address -> card.mustBeNamed())
                .ifPresent(address -> assertThat(topology.complained(address)
                                || log.stream().anyMatch(text -> text.contains(address + ": ")))
                        .as(
                                "somebody says what is wrong with %s at %s; firmware: %s; kernel: %s",
                                card, address, topology.said, log)
                        .isTrue());
    }

    private static void checkWorks(Topology topology, PciCore pci, SlotPath place, Probe probe) {
        if (topology.isPulled(place)) {
            return;
        }
        FunctionAddress address = topology.board.address(place).orElse(null);
        if (address == null) {
            assertThat(topology.said)
                    .as("%s cannot be reached after %s was pulled", place, topology.pulled())
                    .isNotEmpty();
            return;
        }
        assertThat(pci.device(address)).as("device %s at %s", address, place).isPresent();
        Header header = new Header(topology.board, address);
        for (Bar bar : probe.description().bars()) {
            long base = header.base(bar);
            if (base != 0) {
                boolean io = bar.kind() == Bar.Kind.IO;
                IoMemory memory = io ? topology.board.mapPorts((int) base, 4) : topology.board.map(base, bar.size());
                assertThat(memory.read(0, 4))
                        .as("BAR %d of %s", bar.index(), address)
                        .isEqualTo(probe.signature(bar.index(), 0, 4));
            }
        }
    }
}
