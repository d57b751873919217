package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.cardcage.machine.FunctionAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlotPathTest {

    @ParameterizedTest
    @CsvSource({
        "4, 0000:00:04.0",
        "00:1c.0/00.0, 0000:00:1c.0/00.0",
        "1:80:1f.7/1.2/3, 0001:80:1f.7/01.2/03.0",
        "' 05.0/01.0 ', 0000:00:05.0/01.0"
    })
    void isReadAndPrintedAsLspciDoes(String text, String printed) {
        SlotPath path = SlotPath.parse(text);

        assertThat(path).hasToString(printed);
        assertThat(SlotPath.parse(path.toString())).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "00:1c.0/", "/00.0", "00:1c.0/01:00.0", "00:1c.0/20.0", "00:1c.0//01.0", "1c.8"})
    void refusesWhatIsNoPath(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SlotPath.parse(text));
    }

    @Test
    void knowsTheBridgeItIsBehind() {
        SlotPath path = SlotPath.parse("00:1c.0/02.3/04.5");

        assertThat(path.device()).isEqualTo(4);
        assertThat(path.function()).isEqualTo(5);
        assertThat(path.bridge()).isEqualTo(SlotPath.parse("00:1c.0/02.3"));
        assertThat(path.withFunction(1)).hasToString("0000:00:1c.0/02.3/04.1");
        assertThat(path.isBehind(SlotPath.parse("00:1c.0"))).isTrue();
        assertThat(path.isBehind(SlotPath.parse("00:1c.0/02.3"))).isTrue();
        assertThat(path.isBehind(path)).isFalse();
        assertThat(path.isBehind(SlotPath.parse("00:1c.0/02.2"))).isFalse();
        assertThat(SlotPath.of(FunctionAddress.parse("1c.0")).bridge()).isNull();
    }

    @Test
    void aBridgeComesBeforeWhatIsBehindItAndThatBeforeItsNeighbour() {
        List<SlotPath> sorted = List.of(
                SlotPath.parse("04.0"),
                SlotPath.parse("1c.0"),
                SlotPath.parse("1c.0/00.0"),
                SlotPath.parse("1c.0/00.0/1f.0"),
                SlotPath.parse("1c.0/00.1"),
                SlotPath.parse("1d.0"),
                SlotPath.parse("1:00:00.0"));

        assertThat(sorted).isSorted();
    }
}
