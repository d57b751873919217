package org.cardcage.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionAddressTest {

    @ParameterizedTest
    @CsvSource({
        "4, 0000:00:04.0",
        "04.0, 0000:00:04.0",
        "1f.7, 0000:00:1f.7",
        "00:04.0, 0000:00:04.0",
        "ff:1F.3, 0000:ff:1f.3",
        "1:2, 0000:01:02.0",
        "0001:02:03.4, 0001:02:03.4",
        "10000:00:00.0, 10000:00:00.0",
        "ffffffff:00:00.0, ffffffff:00:00.0"
    })
    void readsShortFormsAndWritesTheLongOne(String text, String full) {
        FunctionAddress address = FunctionAddress.parse(text);

        assertThat(address).hasToString(full);
        assertThat(FunctionAddress.parse(full)).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " 4",
                "4 ",
                "4.",
                "4.8",
                "20",
                "20.0",
                "100:00.0",
                ":04.0",
                "0:0:0:0",
                "00:04.00",
                "g",
                "-1",
                "000000001:00:00.0",
                "00:04.0\n"
            })
    void refusesEverythingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> FunctionAddress.parse(text));
    }

    @Test
    void theMessageSaysWhatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FunctionAddress.parse("slot 4"))
                .withMessageContaining("\"slot 4\"")
                .withMessageContaining("0000:00:04.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FunctionAddress.parse("20.0"))
                .withMessageContaining("device number 0x20");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FunctionAddress(0, 256, 0, 0))
                .withMessageContaining("bus number 0x100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FunctionAddress(0, 0, 0, -1))
                .withMessageContaining("function number");
    }

    @Test
    void ordersByDomainBusDeviceFunctionWithUnsignedDomains() {
        List<FunctionAddress> inOrder = Stream.of(
                        "00:00.0", "00:00.1", "00:01.0", "01:00.0", "1:00:00.0", "80000000:00:00.0")
                .map(FunctionAddress::parse)
                .toList();

        assertThat(inOrder).isSorted();
    }

    @Test
    void anotherFunctionOfTheSameDevice() {
        assertThat(FunctionAddress.parse("2:03:04.5").withFunction(0)).hasToString("0002:03:04.0");
    }
}
