package org.cardcage.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.device.RegisterMap.Unmapped;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegisterMapTest {

    private final List<String> calls = new ArrayList<>();
    private final Register id = new Register("ID", 0x00, 4, Access.RO, 0x010000ed, "identification");
    private final Register scratch = new Register("SCRATCH", 0x04, 4, Access.RW, 7, "keeps what is written");
    private final Register bell =
            new Register("BELL", 0x0c, 4, Access.WO, 0, "rings").onWrite(v -> calls.add("ring " + Long.toHexString(v)));
    private final Register wide = new Register("WIDE", 0x10, 8, Access.RW, 0, "64 bits");
    private final Register computed =
            new Register("COMPUTED", 0x18, 4, Access.RO, 0, "callback").onRead(() -> 0x1_2345_6789L);
    private final RegisterMap map = new RegisterMap(Unmapped.ONES, wide, id, bell, scratch, computed);

    @Test
    void cellsKeepWhatIsWritten() {
        assertThat(map.read(4, 4)).isEqualTo(7);

        map.write(4, 4, 0xf_ffff_fff0L);

        assertThat(map.read(4, 4)).isEqualTo(0xffff_fff0L);
        assertThat(scratch.get()).isEqualTo(0xffff_fff0L);
        map.reset();
        assertThat(map.read(4, 4)).isEqualTo(7);
    }

    @Test
    void accessDecidesWhatGetsThrough() {
        map.write(0, 4, 5);
        assertThat(map.read(0, 4)).isEqualTo(0x010000ed);

        map.write(0xc, 4, 0xabc);
        assertThat(calls).containsExactly("ring abc");
        assertThat(map.read(0xc, 4)).isEqualTo(0xffff_ffffL);
    }

    @Test
    void aReadCallbackCountsWithTheRegistersWidth() {
        assertThat(map.read(0x18, 4)).isEqualTo(0x2345_6789);
    }

    @Test
    void aNarrowerAccessReadsTheLowBytesAndReplacesTheWhole() {
        map.write(0x10, 8, 0x1122_3344_5566_7788L);
        assertThat(map.read(0x10, 4)).isEqualTo(0x5566_7788);
        assertThat(map.read(0x10, 1)).isEqualTo(0x88);

        map.write(0x10, 4, 0x9abc_def0L);
        assertThat(map.read(0x10, 8)).isEqualTo(0x9abc_def0L);
    }

    @Test
    void aWiderAccessIsUnmapped() {
        map.write(4, 8, 0);

        assertThat(map.read(4, 4)).isEqualTo(7);
        assertThat(map.read(0, 8)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 8, 0x14, 0x1c, 0x20, 0x1000, 0x1_0000_0000L, Long.MAX_VALUE, -4, Long.MIN_VALUE})
    void elsewhereReadsGiveThePolicysAnswer(long offset) {
        map.write(offset, 4, 1);

        assertThat(map.read(offset, 4)).isEqualTo(0xffff_ffffL);
        assertThat(new RegisterMap(Unmapped.ZEROS, id).read(offset, 4)).isZero();
        assertThat(new RegisterMap(Unmapped.ZEROS).read(offset, 4)).isZero();
    }

    @Test
    void overlapsAreRefusedAndBothNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RegisterMap(
                        Unmapped.ONES, new Register("LATE", 0x14, 4, Access.RW, 0, "inside WIDE"), wide))
                .withMessage("registers WIDE (0x10-0x17) and LATE (0x14-0x17) overlap");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RegisterMap(Unmapped.ONES, id, new Register("ID", 4, 4, Access.RW, 0, "again")))
                .withMessageContaining("share a name");
    }

    @Test
    void impossibleRegistersAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Register("A", 2, 4, Access.RW, 0, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Register("A", -4, 4, Access.RW, 0, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Register("A", 0, 3, Access.RW, 0, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Register("A", 0, 1, Access.RW, 0x100, ""));
    }

    @Test
    void byteRegistersAreFoundToo() {
        RegisterMap bytes = new RegisterMap(
                Unmapped.ZEROS,
                new Register("B1", 1, 1, Access.RW, 0x11, ""),
                new Register("B3", 3, 1, Access.RW, 0x33, ""));

        assertThat(bytes.read(1, 1)).isEqualTo(0x11);
        assertThat(bytes.read(3, 1)).isEqualTo(0x33);
        assertThat(bytes.read(2, 1)).isZero();
        assertThat(bytes.read(-1, 1)).isZero();
    }

    @Test
    void printsItselfAsADatasheetTable() {
        assertThat(new RegisterMap(Unmapped.ONES, wide, id).toMarkdown()).isEqualTo("""
                        | offset | bytes | access | power-on | name | |
                        | --- | --- | --- | --- | --- | --- |
                        | 00 | 4 | ro | 010000ed | ID | identification |
                        | 10 | 8 | rw | 0000000000000000 | WIDE | 64 bits |
                        """);
    }
}
