package org.cardcage.shell.internal.lspci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LspciFilterTest {

    private static final String[] SLOTS = {
        ".0",
        ":4",
        "00:",
        "00:04.0",
        "00:1e.0",
        "00:1f",
        "00:1f.*",
        "0000:",
        "0000:00:04.0",
        "0001:00:00.0",
        "01:",
        "02:",
        "04.0",
        "1f.2",
        "4",
        "*:*.1"
    };
    private static final String[] IDS = {
        "::00ff",
        "::06",
        "::0604",
        ":11e8",
        "1234:",
        "1234:11e8",
        "1234:11e8:00ff",
        "8086:",
        "8086:*:0600",
        "ffff:",
        "*:11e8"
    };

    private static String list(String machine, LspciFilter filter) {
        return new Flags("-")
                .listing(new Recordings(machine).functions(), Recordings.ids())
                .text(filter);
    }

    private static String recording(String option, String value) {
        return "lspci-filter--" + option + "_" + value.replace(':', '.').replace('*', 'x');
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void slotsSelectAsRecorded(String machine) {
        for (String slot : SLOTS) {
            LspciFilter filter = new LspciFilter();
            filter.slot(slot);
            assertThat(list(machine, filter)).as(slot).isEqualTo(new Recordings(machine).text(recording("s", slot)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void idsSelectAsRecorded(String machine) {
        for (String id : IDS) {
            LspciFilter filter = new LspciFilter();
            filter.id(id);
            assertThat(list(machine, filter)).as(id).isEqualTo(new Recordings(machine).text(recording("d", id)));
        }
    }

    @Test
    void slotAndIdTogetherSelectWhatBothSelect() {
        LspciFilter filter = new LspciFilter();
        filter.id("1234:");
        filter.slot("02:");

        assertThat(list("q35", filter)).isEqualTo(new Recordings("q35").text("lspci-filter--d_1234._-s_02."));
    }

    @Test
    void anXStandsForAnyDigitOfAClass() {
        LspciFilter filter = new LspciFilter();
        filter.id("::06xx");

        assertThat(list("q35", filter).lines()).hasSize(5).allMatch(l -> l.contains("bridge"));
    }

    @ParameterizedTest
    @CsvSource({
        "zz, Invalid slot number",
        "1:2:3:4, Too many fields",
        "20.0, Invalid slot number",
        "1f.8, Invalid function number",
        "100:, Invalid bus number",
        "80000000:00:00.0, Invalid domain number"
    })
    void badSlotsAreRefusedInTheWordsOfLspci(String slot, String words) {
        assertThatThrownBy(() -> new LspciFilter().slot(slot))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(words);
    }

    @ParameterizedTest
    @CsvSource({
        "zz, At least two fields must be given",
        "1234, At least two fields must be given",
        "12345:, Invalid vendor ID",
        "1234:0x11e8, Invalid device ID",
        "::0x0604, Invalid class code",
        "1:2:3:4:5, Too many fields"
    })
    void badIdsAreRefusedInTheWordsOfLspci(String id, String words) {
        assertThatThrownBy(() -> new LspciFilter().id(id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(words);
    }
}
