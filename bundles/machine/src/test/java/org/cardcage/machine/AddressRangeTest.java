package org.cardcage.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class AddressRangeTest {

    private final AddressRange range = new AddressRange(0x1000, 0x100);

    @Test
    void containsWhatLiesInsideToTheLastByte() {
        assertThat(range.last()).isEqualTo(0x10ff);
        assertThat(range.contains(0x1000, 0x100)).isTrue();
        assertThat(range.contains(0x10ff, 1)).isTrue();
        assertThat(range.contains(0x10ff, 2)).isFalse();
        assertThat(range.contains(0xfff, 1)).isFalse();
        assertThat(range.contains(0x1000, Long.MAX_VALUE)).isFalse();
    }

    @Test
    void overlapsWhatSharesAnAddress() {
        assertThat(range.overlaps(new AddressRange(0x10ff, 1))).isTrue();
        assertThat(range.overlaps(new AddressRange(0x1100, 1))).isFalse();
        assertThat(range.overlaps(new AddressRange(0xfff, 1))).isFalse();
        assertThat(range.overlaps(new AddressRange(0, 0x10000))).isTrue();
    }

    @Test
    void reachesTheEndOfTheSpaceButNotBeyond() {
        AddressRange top = new AddressRange(-0x1000, 0x1000);

        assertThat(top.last()).isEqualTo(-1);
        assertThat(top.contains(-1, 1)).isTrue();
        assertThat(top.overlaps(range)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new AddressRange(-0x1000, 0x1001));
        assertThatIllegalArgumentException().isThrownBy(() -> new AddressRange(0, 0));
    }

    @Test
    void printsFirstAndLastAddress() {
        assertThat(range).hasToString("0x00001000-0x000010ff");
    }
}
