package org.cardcage.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BarTest {

    @ParameterizedTest
    @EnumSource(
            value = Bar.Kind.class,
            names = {"MEMORY_32", "IO"})
    void oneRegisterHoldsTwoGibAtMost(Bar.Kind kind) {
        assertThat(new Bar(0, kind, false, 2L << 30, Set.of(4)).size()).isEqualTo(2L << 30);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bar(0, kind, false, 4L << 30, Set.of(4)))
                .withMessageContaining("needs 64 bits");
    }

    @Test
    void twoRegistersHoldMore() {
        assertThat(new Bar(0, Bar.Kind.MEMORY_64, true, 1L << 62, Set.of(8)).size())
                .isEqualTo(1L << 62);
    }
}
