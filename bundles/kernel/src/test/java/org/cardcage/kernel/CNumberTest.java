package org.cardcage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CNumberTest {

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "5,5",
        "017,15",
        "0x1f,31",
        "0XFF,255",
        "+7,7",
        "-3,-3",
        "9223372036854775807,9223372036854775807"
    })
    void readsCNotation(String text, long value) {
        assertThat(CNumber.parse(text)).isEqualTo(value);
        assertThat(CNumber.parse(text + "\n")).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "abc", "5x", "08", "0x", " 5", "5 ", "5\n\n", "--5", "1.5"})
    void anythingElseIsEinval(String text) {
        assertThatThrownBy(() -> CNumber.parse(text)).hasMessageStartingWith("EINVAL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "0x10000000000000000", "-9223372036854775809"})
    void whatDoesNotFitIsErange(String text) {
        assertThatThrownBy(() -> CNumber.parse(text)).hasMessageStartingWith("ERANGE");
    }

    @ParameterizedTest
    @CsvSource({"4294967295,-1", "0,0", "5,5"})
    void unsigned32UsesAll32Bits(String text, int value) {
        assertThat(CNumber.parseUnsigned32(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"-1,EINVAL", "4294967296,ERANGE", "99999999999,ERANGE", "x,EINVAL"})
    void unsigned32SaysWhatIsWrong(String text, String errno) {
        assertThatThrownBy(() -> CNumber.parseUnsigned32(text)).hasMessageStartingWith(errno);
    }
}
