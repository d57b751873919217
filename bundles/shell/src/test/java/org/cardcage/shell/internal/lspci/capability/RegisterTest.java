package org.cardcage.shell.internal.lspci.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RegisterTest {

    @Test
    void aBitIsASign() {
        assertThat(Register.of("A{0} B{1} C{!1}").text(2)).isEqualTo("A- B+ C-");
    }

    @Test
    void severalBitsAreANumber() {
        assertThat(Register.of("{4-7} {4-7:%02x} {4-7:+1} {3-3}").text(0xaf)).isEqualTo("10 0a 11 1");
    }

    @Test
    void aNumberMayHaveAWord() {
        Register r = Register.of("{0-1=none|some|*number %d}");

        assertThat(r.text(1)).isEqualTo("some");
        assertThat(r.text(3)).isEqualTo("number 3");
    }

    @Test
    void theUppermostBitOf32IsNoSign() {
        assertThat(Register.of("{24-31} {31}").text(0x81000000L)).isEqualTo("129 +");
    }

    @Test
    void aBraceThatIsNoFieldIsAMistake() {
        assertThatThrownBy(() -> Register.of("A{x}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("A{x}");
    }
}
