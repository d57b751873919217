package org.cardcage.edu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class EduOptionsTest {

    @Test
    void areThoseOfQemuIfNotSaid() {
        assertThat(EduOptions.DEFAULT).isEqualTo(new EduOptions(0, 100_000_000, 0x0fff_ffff));
    }

    @Test
    void negativeDelaysAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> EduOptions.DEFAULT.withDmaDelay(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> EduOptions.DEFAULT.withFactorialDelay(-1));
    }
}
