package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cardcage.board.Board;
import org.cardcage.board.Bridge;
import org.cardcage.board.SlotPath;
import org.cardcage.device.AerCapability;
import org.cardcage.device.ExpressCapability;
import org.cardcage.device.MsixCapability;
import org.cardcage.device.PowerManagementCapability;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.ProbeOutcome;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.ErrorSeverity;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Everything at once: cards come and go, drivers too, devices are bound, removed, found again, reset, put to sleep and have
 * errors. Whatever comes of it, in the end nothing is left behind. What was done is random; a failure names the seed.
 */
@Timeout(3600)
class StormTest {

    private static final boolean FULL = Boolean.getBoolean("cardcage.full");
    private static final long SEED = Long.getLong("cardcage.seed", FULL ? System.nanoTime() : 7);
    private static final int DEEDS = FULL ? 5_000 : 80;
    private static final int WORKERS = 4;
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final String NAME = "storm";

    private static final List<String> BRIDGES = List.of("00:1c.0", "00:1d.0", "00:1e.0");
    private static final List<String> SLOTS =
            List.of("00:04.0", "00:05.0", "00:1c.0/00.0", "00:1d.0/00.0", "00:1e.0/01.0", "00:1e.0/02.0");

    private final Queue faults = new Queue();
    private final LiveScheduler scheduler = new LiveScheduler(NAME, faults::add);
    private final KernelLog log = new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime);
    private final Kernel kernel = new Kernel(log, scheduler, LONG.toNanos());
    private final Board board = Board.builder(scheduler)
            .chipset440fx()
            .cpus(2)
            .reporter(message -> log.emit(org.slf4j.event.Level.INFO, "board: " + message))
            .build();
    private final PciCore pci = new PciCore(kernel);
    private final Set<PciDevice> seen = ConcurrentHashMap.newKeySet();
    private final StormDriver[] drivers = {new StormDriver("first", SEED), new StormDriver("second", SEED + 1)};
    private final Map<StormDriver, PciBus.Registration> registered = new ConcurrentHashMap<>();

    /** What should not have happened. */
    private static final class Queue extends ConcurrentLinkedQueue<String> {
        private static final long serialVersionUID = 1;

        void add(String where, Throwable fault) {
            add(where + ": " + fault + "\n"
                    + Stream.of(fault.getStackTrace())
                            .map(frame -> "    at " + frame)
                            .collect(Collectors.joining("\n")));
        }
    }

    private static TestCard card(String slot) {
        return slot.contains("00:1c.0/") || slot.contains("00:1d.0/")
                ? TestCard.with(
                        PowerManagementCapability.basic(),
                        ExpressCapability.of(ExpressCapability.Port.ENDPOINT).withFunctionLevelReset(),
                        MsixCapability.of(4, 1),
                        new AerCapability())
                : TestCard.with(PowerManagementCapability.basic(), MsixCapability.of(4, 1));
    }

    private void plugBridge(String slot) {
        if (!board.isPlugged(SlotPath.parse(slot))) {
            board.plug(slot, slot.equals("00:1e.0") ? Bridge.pci() : Bridge.rootPort(slot.charAt(4)));
        }
    }

    /** Something that somebody does; what the others do meanwhile may well make it fail. */
    private record Deed(String name, int weight, Consumer<Random> action) {}

    private final List<Deed> deeds = List.of(
            new Deed("plug", 8, random -> {
                String slot = pick(random, SLOTS);
                board.plug(slot, card(slot));
            }),
            new Deed("unplug", 5, random -> board.unplug(pick(random, SLOTS))),
            new Deed("plug a bridge", 2, random -> plugBridge(pick(random, BRIDGES))),
            new Deed("unplug a bridge", 1, random -> board.unplug(pick(random, BRIDGES))),
            new Deed("eject", 2, random -> board.requestEject(SlotPath.parse(pick(random, SLOTS)))),
            new Deed("remove", 3, random -> pci.remove(device(random))),
            new Deed("rescan", 3, random -> pci.rescan(new CancelToken())),
            new Deed("unbind", 6, random -> {
                PciDevice device = device(random);
                pci.unbind(device, device.driver().map(d -> d.name()).orElse("first"));
            }),
            new Deed("bind", 6, random -> pci.bind(device(random), pick(random, List.of("first", "second")), token())),
            new Deed("probe", 4, random -> pci.probe(device(random), token())),
            new Deed("register", 4, random -> register(drivers[random.nextInt(2)])),
            new Deed("unregister", 2, random -> unregister(drivers[random.nextInt(2)])),
            new Deed("add an id", 2, random -> pci.addId("first", PciDeviceId.of(0x8086, random.nextInt(8)), token())),
            new Deed("remove an id", 2, random -> pci.removeId("first", PciDeviceId.of(0x8086, random.nextInt(8)))),
            new Deed("override", 2, random -> device(random).setDriverOverride(pick(random, List.of("", "second")))),
            new Deed("reset", 2, random -> device(random).reset()),
            new Deed(
                    "error",
                    3,
                    random -> board.injectError(
                            device(random).address(),
                            random.nextBoolean() ? ErrorSeverity.FATAL : ErrorSeverity.NON_FATAL)),
            new Deed("sleep", 1, random -> {
                pci.suspend(token());
                pci.resume(token());
            }),
            new Deed("interrupt", 6, random -> drivers[random.nextInt(2)].ring()),
            new Deed("look", 4, random -> {
                kernel.addressSpaces().describeMemory();
                kernel.interrupts().describe();
                device(random).readConfig(0, 4);
            }));

    private static CancelToken token() {
        return new CancelToken();
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private PciDevice device(Random random) {
        List<PciDevice> all = pci.devices();
        seen.addAll(all);
        return pick(random, all);
    }

    private void register(StormDriver driver) {
        synchronized (driver) {
            registered.computeIfAbsent(driver, d -> pci.register(d, d.module));
        }
    }

    private void unregister(StormDriver driver) {
        synchronized (driver) {
            Optional.ofNullable(registered.remove(driver)).ifPresent(PciBus.Registration::unregister);
        }
    }

    private void work(Random random, Map<String, Integer> done) {
        int total = deeds.stream().mapToInt(Deed::weight).sum();
        for (int n = 0; n < DEEDS; n++) {
            int chosen = random.nextInt(total);
            Deed deed = null;
            for (int i = 0; chosen >= 0; i++) {
                deed = deeds.get(i);
                chosen -= deed.weight();
            }
            done.merge(deed.name(), 1, Integer::sum);
            try {
                deed.action().accept(random);
            } catch (KernelException | IllegalStateException | IllegalArgumentException e) {
                done.merge(deed.name() + " in vain", 1, Integer::sum); // somebody else was quicker
            } catch (Throwable t) {
                faults.add(deed.name(), t);
            }
        }
    }

    @Test
    void nothingIsLeftBehindWhateverHappensAtOnce() throws Exception {
        board.powerOn();
        pci.addMachine(board);
        pci.rescan(token());
        int base = pci.devices().size();
        String memory = kernel.addressSpaces().describeMemory();
        String ports = kernel.addressSpaces().describePorts();
        FunctionAddress anywhere = FunctionAddress.parse("00:04.0");
        long page = freePage(anywhere);
        BRIDGES.forEach(this::plugBridge);

        Map<String, Integer> done = new ConcurrentHashMap<>();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            Random random = new Random(SEED + i);
            workers.add(new Thread(() -> work(random, done), "worker " + i));
        }
        workers.forEach(Thread::start);
        for (Thread worker : workers) {
            worker.join(FULL ? 0 : LONG.toMillis());
            assertThat(worker.isAlive()).as("seed %d, %s", SEED, stacks()).isFalse();
        }

        assertSettles();
        assertThat(faults).as("seed %d, done %s", SEED, new TreeMap<>(done)).isEmpty();
        pci.resume(token());
        Stream.of(drivers).forEach(StormDriver::calm);
        BRIDGES.forEach(this::plugBridge);
        SLOTS.stream()
                .filter(slot -> !board.isPlugged(SlotPath.parse(slot)))
                .forEach(slot -> board.plug(slot, card(slot)));
        assertSettles();
        pci.rescan(token());
        Stream.of(drivers).forEach(this::register);
        for (PciDevice device : pci.devices()) {
            seen.add(device);
            device.setDriverOverride("");
            assertThat(device.isGone())
                    .as("seed %d: %s, which is listed, is gone\n%s", SEED, device, tail())
                    .isFalse();
            pci.probe(device, token());
        }
        assertSettles();
        assertThat(pci.devices())
                .as("seed %d", SEED)
                .filteredOn(device -> device.vendor() == TestCard.VENDOR)
                .hasSize(SLOTS.size())
                .allSatisfy(device -> assertThat(device.driver().isPresent()
                                || device.lastProbe().kind() != ProbeOutcome.Kind.NONE)
                        .as("%s: %s", device, device.lastProbe())
                        .isTrue());
        assertThat(pci.devices().stream()
                        .filter(device -> device.driver().isPresent())
                        .count())
                .isPositive();

        SLOTS.forEach(board::unplug);
        BRIDGES.forEach(board::unplug);
        assertSettles();
        assertThat(pci.devices()).hasSize(base);
        assertThat(kernel.addressSpaces().describeMemory()).isEqualTo(memory);
        assertThat(kernel.addressSpaces().describePorts()).isEqualTo(ports);
        assertThat(kernel.interrupts().describe().lines().skip(1)).isEmpty();
        assertThat(kernel.charDevices().devices()).isEmpty();
        assertThat(kernel.charDevices().regions()).isEmpty();
        assertThat(seen)
                .allSatisfy(device ->
                        assertThat(device.resources().held()).as("%s", device).isEmpty());
        assertThat(freePage(anywhere)).isEqualTo(page);
        assertThat(log.records().stream()
                        .map(LogRecord::text)
                        .filter(line -> line.contains("Oops") || line.contains("does not leave")))
                .as("seed %d", SEED)
                .isEmpty();
        assertThat(faults).as("seed %d, done %s", SEED, new TreeMap<>(done)).isEmpty();
        assertThat(done.keySet()).containsAll(deeds.stream().map(Deed::name).toList());

        Stream.of(drivers).forEach(this::unregister);
        pci.close();
        kernel.close();
        board.close();
        scheduler.close();
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .filteredOn(thread -> thread.getName().startsWith(NAME))
                        .isEmpty());
    }

    private long freePage(FunctionAddress function) throws Exception {
        try (var memory = board.dma(function).allocate(4096, -1L, 4096)) {
            return memory.deviceAddress();
        }
    }

    private String tail() {
        List<LogRecord> all = log.records();
        return all.subList(Math.max(0, all.size() - 60), all.size()).stream()
                .map(LogRecord::text)
                .collect(Collectors.joining("\n"));
    }

    private void assertSettles() throws InterruptedException {
        assertThat(scheduler.settle(scheduler.nanoTime() + LONG.toNanos()))
                .as("seed %d, %s", SEED, stacks())
                .isTrue();
    }

    private static String stacks() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(entry -> entry.getKey().getName().startsWith(NAME)
                        || entry.getKey().getName().startsWith("worker"))
                .map(entry -> entry.getKey().getName() + "\n"
                        + Stream.of(entry.getValue())
                                .map(frame -> "    at " + frame)
                                .collect(Collectors.joining("\n")))
                .collect(Collectors.joining("\n"));
    }
}
