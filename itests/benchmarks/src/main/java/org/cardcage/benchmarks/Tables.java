package org.cardcage.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is measured, in the order of the page, with the aims. */
final class Tables {

    private static final double MICROSECOND = 1e3;
    private static final double MILLISECOND = 1e6;

    private static final double EIGHTY_PERCENT_AS_FAST = 1 / 0.8;

    /** A constant time for each, with some room for caches that no longer hold everything. */
    private static final double LINEAR = 1.5;

    private static final Case WAKE_UPS = Case.of(WakeUps.class, "inTurn");
    private static final Quantity ONE_WAY =
            Quantity.of(WAKE_UPS.withPart("handOff")).times(0.5);

    private Tables() {}

    /**
     * Rows by the title of their table.
     *
     * @param launcher whether there is a launcher, so that the whole system can be measured
     * @param qemu whether there is a QEMU for the machine that is one
     */
    static Map<String, List<Row>> all(boolean launcher, boolean qemu) {
        Map<String, List<Row>> tables = new LinkedHashMap<>();
        tables.put("Registers", registers());
        tables.put("Interrupts", interrupts());
        tables.put("DMA", dma());
        tables.put("Files", files());
        tables.put("Many functions", manyFunctions());
        if (qemu) {
            tables.put("EDU cards of QEMU, beside those of the board in Java", bothMachines());
        }
        if (launcher) {
            tables.put("The whole system", system());
        }
        return tables;
    }

    private static List<Row> system() {
        Quantity once = Quantity.of(Case.of(WholeSystem.class, "firstText"));
        Quantity often = Quantity.of(Case.of(WholeSystem.class, "manyLoads"));
        return List.of(
                Row.of("process start → insmod edu → text of cat /dev/edu0 → process end", once)
                        .atMost(700 * MILLISECOND)
                        .peer("1.92 s (minimal), 4.75 s (stock), without its end"),
                Row.of("rmmod edu and insmod edu, warm", often.minus(once).times(1.0 / WholeSystem.LOADS))
                        .atMost(30 * MILLISECOND)
                        .peer("121 ms"));
    }

    private static List<Row> bothMachines() {
        return List.of(
                both("register read", "readRegister"),
                both("factorial: write → interrupt → wake → result", "factorial"),
                both("4096 bytes to the card and back, no delay, polled", "transfer"));
    }

    /** There is no aim: QEMU is another process. */
    private static Row both(String what, String method) {
        return Row.of(what, Case.of(EduOnQemu.class, method))
                .against(Case.of(EduOnBoard.class, method), Double.POSITIVE_INFINITY);
    }

    private static List<Row> registers() {
        return List.of(
                register("read, one card", "read", "readModel", 1).atMost(4),
                register("read, four cards in turn", "readInTurn", "readModelInTurn", 1),
                register("write, one card", "write", "writeModel", 1).atMost(4),
                register("write, four cards in turn", "writeInTurn", "writeModelInTurn", 1),
                register("read of the EDU card", "readEdu", "readEduModel", 1).peer("41 ns"),
                register("read, one card, two threads", "read", "readModel", 2),
                register("read, four cards in turn, two threads", "readInTurn", "readModelInTurn", 2),
                register("write, one card, two threads", "write", "writeModel", 2),
                register("write, four cards in turn, two threads", "writeInTurn", "writeModelInTurn", 2),
                Row.of("configuration read, 32 bits", Case.of(ConfigurationSpace.class, "readDword"))
                        .atMost(30)
                        .peer("310 ns"));
    }

    private static Row register(String what, String access, String call, int threads) {
        return Row.of(what, Case.of(RegisterAccess.class, access).withThreads(threads))
                .against(Case.of(RegisterAccess.class, call).withThreads(threads), 1.5);
    }

    private static List<Row> interrupts() {
        Quantity raised = Quantity.of(WAKE_UPS.withPart("interrupt"));
        return List.of(
                Row.of("raise → handler, beside a parked hand-off", raised.minus(ONE_WAY))
                        .against(ONE_WAY, 1.5),
                Row.of("raise → handler → sleeper awake, beside two", raised)
                        .against(ONE_WAY.times(2), 1.5)
                        .peer("3.0 µs"),
                Row.of("factorial: write → interrupt → wake → result, beside three", WAKE_UPS.withPart("factorial"))
                        .against(ONE_WAY.times(3), 1.5)
                        .atMost(20.8 * MICROSECOND)
                        .peer("20.8 µs"));
    }

    private static List<Row> dma() {
        Case copy = Case.of(BurstDma.class, "copy");
        return List.of(
                Row.of("burst of 1 MiB, RAM to card, beside memcpy", Case.of(BurstDma.class, "fromBus"))
                        .against(copy, EIGHTY_PERCENT_AS_FAST),
                Row.of("burst of 1 MiB, card to RAM, beside memcpy", Case.of(BurstDma.class, "toBus"))
                        .against(copy, EIGHTY_PERCENT_AS_FAST),
                Row.of(
                                "EDU card, 4095 bytes, no delay, polled, beside two copies",
                                Case.of(EduTransfer.class, "toCard"))
                        .against(Case.of(EduTransfer.class, "twoCopies"), 3)
                        .peer("100 ms (its timer)"));
    }

    private static List<Row> files() {
        return List.of(
                Row.of("read of the identification", Case.of(EduSession.class, "readIdentification"))
                        .atMost(0.1 * MICROSECOND)
                        .peer("1.08 µs"),
                Row.of("open, read, close", Case.of(EduSession.class, "openReadClose"))
                        .atMost(MICROSECOND)
                        .peer("10.6 µs"),
                Row.of("unbind and bind", Case.of(Binding.class, "unbindAndBind"))
                        .atMost(0.2 * MILLISECOND)
                        .peer("4.7 ms"));
    }

    private static List<Row> manyFunctions() {
        Case assign = Case.of(Enumeration.class, "assign");
        Case scan = Case.of(BusScan.class, "scan");
        Case probe = Case.of(BusScan.class, "scanAndProbe");
        Case match = Case.of(Matching.class, "inTurn");
        Case oneId = match.withPart("ids1");
        return List.of(
                Row.of("firmware, one function behind a bridge", assign.withSize(1)),
                each("firmware, each of 100", assign, 100),
                each("firmware, each of 1000, beside each of 100", assign, 1000).against(each(assign, 100), LINEAR),
                each("firmware, each of 10 000, beside each of 1000", assign, 10_000)
                        .against(each(assign, 1000), LINEAR),
                Row.of("scan by the kernel, one function behind a bridge", scan.withSize(1)),
                each("scan by the kernel, each of 100", scan, 100),
                each("scan by the kernel, each of 1000, beside each of 100", scan, 1000)
                        .against(each(scan, 100), LINEAR),
                each("scan by the kernel, each of 10 000, beside each of 1000", scan, 10_000)
                        .against(each(scan, 1000), LINEAR),
                each("scan and probe, each of 10 000, beside each of 100", probe, 10_000)
                        .against(each(probe, 100), LINEAR),
                Row.of(
                                "500 functions: firmware and scan",
                                Quantity.of(assign.withSize(500)).plus(Quantity.of(scan.withSize(500))))
                        .atMost(100 * MILLISECOND)
                        .peer("6.3–9.0 s"),
                Row.of(
                                "500 functions: probe all",
                                Quantity.of(probe.withSize(500)).minus(Quantity.of(scan.withSize(500))))
                        .atMost(100 * MILLISECOND)
                        .peer("2.2 s"),
                each("lspci, each of 100", Case.of(Listing.class, "list"), 100),
                Row.of("500 functions: lspci", Case.of(Listing.class, "list").withSize(500))
                        .atMost(50 * MILLISECOND)
                        .peer("0.36 s"),
                Row.of(
                        "500 functions: lspci -vv",
                        Case.of(Listing.class, "listVerbose").withSize(500)),
                Row.of("card in and out, 1 id in the driver's table", oneId),
                Row.of("card in and out, 100 ids", match.withPart("ids100")).against(oneId, LINEAR),
                Row.of("card in and out, 10 000 ids", match.withPart("ids10000"))
                        .against(oneId, LINEAR));
    }

    private static Row each(String what, Case measured, int size) {
        return Row.of(what, each(measured, size));
    }

    private static Quantity each(Case measured, int size) {
        return Quantity.of(measured.withSize(size)).times(1.0 / size);
    }
}
