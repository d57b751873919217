package org.cardcage.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedDifferencesIT {

    private static final String RECORDED =
            "00:04.0 Card\n\tInterrupt: pin A routed to IRQ 20\n\tKernel modules: other\n";

    private final AllowedDifferences allowed = new AllowedDifferences(
            List.of(
                    "pc other ^00:04\\.0\\|.* IRQ (20)$ => IRQ (11)$ :: other wires",
                    "pc lacks \\|\tKernel modules: other$ :: no such driver",
                    "q35 other IRQ (\\d+) => IRQ (\\d+) :: of another machine"),
            "pc");

    private boolean isAllowed(String ours) {
        return allowed.difference("case", RECORDED, ours).isEmpty();
    }

    @Test
    void onlyTheNamedValueMayStandInPlaceOfTheRecordedOne() {
        assertThat(isAllowed("00:04.0 Card\n\tInterrupt: pin A routed to IRQ 11\n"))
                .isTrue();
        assertThat(isAllowed("00:04.0 Card\n\tInterrupt: pin A routed to IRQ 12\n"))
                .isFalse();
        assertThat(isAllowed("00:04.0 Card\n\tInterrupt: pin B routed to IRQ 11\n"))
                .isFalse();
        assertThat(isAllowed("00:05.0 Card\n\tInterrupt: pin A routed to IRQ 11\n"))
                .isFalse();
        assertThat(allowed.unused()).isEmpty();
    }

    @Test
    void whatIsNotRecordedIsADifference() {
        assertThat(isAllowed("00:04.0 Card\n\tInterrupt: pin A routed to IRQ 20\n\tKernel modules: mine\n"))
                .isFalse();
        assertThat(isAllowed("00:04.0 Card\n")).isFalse();
    }

    @Test
    void aRuleHasTwoSidesAndAReason() {
        assertThatThrownBy(() -> new AllowedDifferences(List.of("pc other IRQ (20) :: one side"), "pc"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AllowedDifferences(List.of("pc other IRQ (20) => IRQ (11)"), "pc"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
