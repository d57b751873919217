package org.cardcage.edu.device.internal.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EduCardTest {

    @ParameterizedTest
    @CsvSource({
        "0x0fffffff, 268435455",
        "268435455, 268435455",
        " 0XFF , 255",
        "0xffffffffffffffff, -1",
        "18446744073709551615, -1",
        "-1, -1"
    })
    void masksAreDecimalOrHexadecimal(String text, long mask) {
        assertThat(EduCard.mask(text)).isEqualTo(mask);
    }

    @Test
    void anUnreadableMaskIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EduCard.mask("28 bits"))
                .withMessageContaining("28 bits");
    }
}
