package org.cardcage.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LspciDumpTest {

    private static final List<String> HEADER = List.of(
            "00: 86 80 37 12 03 01 00 00 02 00 00 06 00 00 00 00",
            "10: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
            "20: 00 00 00 00 00 00 00 00 00 00 00 00 f4 1a 00 11",
            "30: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");

    private static List<DumpedFunction> parse(Object... parts) throws StartException {
        List<String> lines = new ArrayList<>();
        for (Object part : parts) {
            if (part instanceof List<?> some) {
                some.forEach(line -> lines.add(line.toString()));
            } else {
                lines.addAll(Arrays.asList(part.toString().split("\n", -1)));
            }
        }
        return LspciDump.parse("my.dump", lines);
    }

    @Test
    void addressesWithAndWithoutADomainAreRead() throws Exception {
        List<DumpedFunction> read = parse(
                "# a remark",
                "pcilib: sysfs_read_vpd: read failed: Input/output error",
                "00:1f.3 SMBus: x",
                HEADER,
                "",
                "10000:e1:00.0 Bridge",
                HEADER,
                "\n0001:02:03.4",
                HEADER);

        assertThat(read).extracting(Object::toString).containsExactly("0000:00:1f.3", "10000:e1:00.0", "0001:02:03.4");
        assertThat(read.get(0).read(0, 4)).isEqualTo(0x12378086);
        assertThat(read.get(0).rows()).containsExactly(HEADER.get(0), HEADER.get(2));
    }

    @Test
    void aRowBeyondTheFirst256BytesMakesAnExtendedSpace() throws Exception {
        DumpedFunction function =
                parse("00:00.0 x", HEADER, "100: 01 00 02 14", "ff0: 00 00").get(0);

        assertThat(function.read(0x100, 4)).isEqualTo(0x14020001);
        assertThat(function.rows()).last().asString().startsWith("100: 01 00 02 14 00");
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "'Region 0: ', 'Region 4: '"})
    void theTextOfVerboseOutputTellsSizes(String first, String second) throws Exception {
        DumpedFunction function = parse(
                        "00:02.0 VGA compatible controller: x",
                        "\tSubsystem: y",
                        "\t" + first + "Memory at fd000000 (32-bit, prefetchable) [size=16M]",
                        "\tMemory behind bridge: fd000000-fdffffff [size=16M]",
                        "\t" + second + "I/O ports at d040 [disabled] [size=32]",
                        "\tExpansion ROM at 000c0000 [virtual] [disabled] [size=128K]",
                        HEADER)
                .get(0);

        assertThat(function.regions)
                .containsExactly(
                        new DumpedFunction.Region(DumpedFunction.Kind.MEMORY, 0xfd000000L, 16 << 20),
                        new DumpedFunction.Region(DumpedFunction.Kind.PORTS, 0xd040, 32),
                        new DumpedFunction.Region(DumpedFunction.Kind.ROM, 0xc0000, 128 << 10));
    }

    private static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("00:00.0 x\n00: 86 8", "my.dump:2: \"00: 86 8\" is neither"),
                Arguments.of("00:00.0 x\nnonsense", "my.dump:2: \"nonsense\" is neither"),
                Arguments.of("hello", "my.dump:1: \"hello\" does not begin with the address"),
                Arguments.of("00:20.0 x", "my.dump:1: "),
                Arguments.of("00:00.0 x\nff8: 00 00 00 00 00 00 00 00 00", "my.dump:2: the row goes beyond"),
                Arguments.of("00:00.0 x\n00: 01\n00: 02", "my.dump:3: 0000:00:00.0 has a byte at 0x00 already"),
                Arguments.of("00:00.0 x\n\n0000:00:00.0 y", "my.dump:3: 0000:00:00.0 is there already, in line 1"),
                Arguments.of("00:00.0 x\n00: 86 80 37 12", "my.dump:1: 0000:00:00.0 lacks bytes"),
                Arguments.of("00:00.0 x", "my.dump:1: 0000:00:00.0 lacks bytes"),
                Arguments.of("", "my.dump: no function in this dump"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatCannotBeReadIsRefusedWithFileLineAndReason(String text, String message) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(StartException.class).hasMessageStartingWith(message);
    }
}
