package org.cardcage.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is measured, in the order of the page, with the aims. */
final class Tables {

    private static final double MICROSECOND = 1e3;
    private static final double MILLISECOND = 1e6;

    private static final double EIGHTY_PERCENT_AS_FAST = 1 / 0.8;

    private static final Case PARKED = Case.of(HandOff.class, "thereAndBack");
    private static final Quantity ONE_WAY = Quantity.of(PARKED).times(0.5);

    private Tables() {}

    /** Rows by the title of their table. */
    static Map<String, List<Row>> all() {
        Map<String, List<Row>> tables = new LinkedHashMap<>();
        tables.put("Registers", registers());
        tables.put("Interrupts", interrupts());
        tables.put("DMA", dma());
        tables.put("Files", files());
        return tables;
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
        Quantity raised = Quantity.of(Case.of(InterruptLatency.class, "thereAndBack"));
        return List.of(
                Row.of("raise → handler, beside a parked hand-off", raised.minus(ONE_WAY))
                        .against(ONE_WAY, 1.5),
                Row.of("raise → handler → sleeper awake, beside two", raised)
                        .against(ONE_WAY.times(2), 1.5)
                        .peer("3.0 µs"),
                Row.of(
                                "factorial: write → interrupt → wake → result, beside three",
                                Case.of(EduSession.class, "factorial"))
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
                        .against(copy, EIGHTY_PERCENT_AS_FAST));
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
}
