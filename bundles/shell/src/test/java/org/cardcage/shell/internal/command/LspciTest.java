package org.cardcage.shell.internal.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.cardcage.shell.internal.lspci.Lspci;
import org.cardcage.shell.internal.lspci.function.PciIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A command line that is refused never gets as far as the bus, so there is none here. */
class LspciTest {

    private final Lspci lspci = new Lspci(null, null, new FakeTree(), () -> PciIds.EMPTY);

    @ParameterizedTest
    @CsvSource({
        "-s, zz, lspci: -s: Invalid slot number",
        "-s, 1:2:3:4, lspci: -s: Too many fields",
        "-d, 1234, lspci: -d: At least two fields must be given",
        "-d, 12345:, lspci: -d: Invalid vendor ID"
    })
    void badFiltersAreRefusedInOneLine(String option, String value, String words) {
        assertThat(Run.of(lspci, option, value)).isEqualTo(new Run(1, "", words + "\n"));
        assertThat(Run.of(lspci, option + value)).isEqualTo(new Run(1, "", words + "\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "-Z, lspci: invalid option -- 'Z'",
        "--help, lspci: invalid option -- '-'",
        "--bogus, lspci: invalid option -- '-'",
        "-s, lspci: option requires an argument -- 's'"
    })
    void badOptionsAreRefusedWithTheUsage(String option, String words) {
        Run run = Run.of(lspci, option);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.text()).isEmpty();
        assertThat(run.errors()).startsWith(words + "\nUsage: lspci ");
    }

    @Test
    void operandsAreRefused() {
        assertThat(Run.of(lspci, "foo").errors()).startsWith("Usage: lspci ");
    }
}
