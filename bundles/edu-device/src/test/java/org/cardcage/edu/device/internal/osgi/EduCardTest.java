package org.cardcage.edu.device.internal.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.cardcage.edu.device.EduOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(longs = {-1, 9_223_372_036_855L, Long.MAX_VALUE})
    void aDelayThatIsNotPossibleIsNamed(long millis) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EduCard.nanos("dma_delay", millis))
                .withMessageContaining("dma_delay of " + millis + " ms");
    }

    @Test
    void whatIsNotConfiguredIsAsOnQemu() throws ReflectiveOperationException {
        EduOptions options = new EduOptions(
                EduCard.nanos("factorial_delay", (long) unconfigured("factorial__delay")),
                EduCard.nanos("dma_delay", (long) unconfigured("dma__delay")),
                EduCard.mask((String) unconfigured("dma__mask")));
        assertThat(options).isEqualTo(EduOptions.DEFAULT);
    }

    private static Object unconfigured(String property) throws ReflectiveOperationException {
        return EduConfiguration.class.getMethod(property).getDefaultValue();
    }
}
