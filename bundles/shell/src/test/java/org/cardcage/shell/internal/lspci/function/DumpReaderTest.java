package org.cardcage.shell.internal.lspci.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DumpReaderTest {

    private static final String HEAD = "00:01.0 Device\n";

    @Test
    void aFunctionIsItsPlaceAndItsBytes() throws Exception {
        PciFunction f =
                DumpReader.read("0001:02:03.4 Any text\n00: 86 80 11 22\n").get(0);

        assertThat(f.slot()).isEqualTo(new Slot(1, 2, 3, 4));
        assertThat(f.identity().vendor()).isEqualTo(0x8086);
        assertThat(f.identity().device()).isEqualTo(0x2211);
        assertThat(f.config().length()).isEqualTo(4);
    }

    @Test
    void functionsAreSortedByAddress() throws Exception {
        assertThat(DumpReader.read("01:00.0 b\n00: 00\n\n00:1f.0 a\n00: 00\n"))
                .extracting(f -> f.slot().withoutDomain())
                .containsExactly("00:1f.0", "01:00.0");
    }

    @Test
    void whatIsNeitherHeadNorBytesIsSkipped() throws Exception {
        assertThat(DumpReader.read("text\n" + HEAD + "\tSubsystem: x\n00: 12\n\n10: 34\n"))
                .singleElement()
                .satisfies(f -> assertThat(f.config().length()).isEqualTo(1));
    }

    @ParameterizedTest
    @CsvSource({
        "00: 8, 2, Malformed line",
        "00: 86  80, 2, Malformed line",
        "fff: 00 11, 2, At most 4096 bytes of config space are supported"
    })
    void aLineThatCannotBeIsNamed(String line, int number, String words) {
        assertThatThrownBy(() -> DumpReader.read(HEAD + line + "\n"))
                .isInstanceOfSatisfying(
                        DumpReader.BadDumpException.class,
                        e -> assertThat(e.line()).isEqualTo(number))
                .hasMessage(words);
    }

    @Test
    void theLastLineHasAnEnd() {
        assertThatThrownBy(() -> DumpReader.read(HEAD + "00: 86")).hasMessage("line too long or unterminated");
    }
}
