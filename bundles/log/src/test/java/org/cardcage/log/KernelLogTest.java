package org.cardcage.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.cardcage.log.internal.RingServiceProvider;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class KernelLogTest {

    private long now;
    private final KernelLog log = new KernelLog(3, () -> now);

    private List<String> texts() {
        return log.records().stream().map(LogRecord::text).toList();
    }

    @Test
    void aRecordIsPrintedAsDmesgPrintsIt() {
        now = 49_861_060_999L;
        log.emit(Level.INFO, "edu: loaded");
        assertThat(log.records().get(0)).hasToString("[   49.861060] edu: loaded");
    }

    @Test
    void theOldestLineMakesRoom() {
        List.of("a", "b", "c", "d").forEach(text -> log.emit(Level.INFO, text));
        assertThat(texts()).containsExactly("b", "c", "d");
        assertThat(log.records()).extracting(LogRecord::sequence).containsExactly(1L, 2L, 3L);
    }

    @Test
    void eachLineIsARecordOfItsOwn() {
        log.emit(Level.ERROR, "first\nsecond\n");
        assertThat(texts()).containsExactly("first", "second");
    }

    @Test
    void linesBeginWithTheNameOfTheLoggerOrTheLastPartOfAClass() {
        log.logger("edu 0000:00:04.0").info("edu0: irq {}", 26);
        log.logger("org.cardcage.log.KernelLogTest").warn("here");
        assertThat(texts()).containsExactly("edu 0000:00:04.0: edu0: irq 26", "KernelLogTest: here");
    }

    @Test
    void aStackTraceIsLoggedLineByLine() {
        log.logger("edu").error("broken", new IllegalStateException("why"));
        assertThat(log.records()).hasSize(3);
        assertThat(log.records().get(2).sequence()).isGreaterThan(3);
    }

    @Test
    void debugLinesAreDropped() {
        log.logger("edu").debug("noise");
        assertThat(log.records()).isEmpty();
    }

    @Test
    void clearForgetsLinesButNotTheCount() {
        log.emit(Level.INFO, "a");
        log.clear();
        log.emit(Level.INFO, "b");
        assertThat(log.records()).extracting(LogRecord::sequence).containsExactly(1L);
    }

    @Test
    void listenersHearEachLineUntilTheyAreRemoved() {
        List<String> heard = new ArrayList<>();
        Consumer<LogRecord> listener = r -> heard.add(r.text());
        log.addListener(listener);
        log.emit(Level.INFO, "a");
        log.removeListener(listener);
        log.emit(Level.INFO, "b");
        assertThat(heard).containsExactly("a");
    }

    @Test
    void theConsoleShowsWarningsAndErrorsUnlessToldOtherwise() {
        LogRecord warning = new LogRecord(0, 0, Level.WARN, "w");
        LogRecord info = new LogRecord(1, 0, Level.INFO, "i");
        assertThat(log.isForConsole(warning)).isTrue();
        assertThat(log.isForConsole(info)).isFalse();
        log.setConsoleLevel(Optional.of(Level.INFO));
        assertThat(log.isForConsole(info)).isTrue();
        log.setConsoleLevel(Optional.empty());
        assertThat(log.isForConsole(warning)).isFalse();
    }

    @Test
    void slf4jWritesToTheRingOfItsClassSpace() {
        LoggerFactory.getLogger("probe of the provider").info("seen");
        assertThat(RingServiceProvider.log().records())
                .extracting(LogRecord::text)
                .contains("probe of the provider: seen");
    }
}
