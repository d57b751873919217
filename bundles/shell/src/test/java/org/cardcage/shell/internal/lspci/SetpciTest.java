package org.cardcage.shell.internal.lspci;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cardcage.shell.internal.command.FakeTree;
import org.cardcage.shell.internal.command.Run;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetpciTest {

    private final FakeTree tree = new FakeTree();
    private final Setpci dumps = new Setpci(privileged -> List.of(), tree);

    /** A function whose registers keep what is written, as far as those of the recorded card do. */
    private static class Registers implements ConfigTarget {

        private static final int BAR = 0x10;
        private static final long BAR_MASK = 0xfff00000L;

        private final PciFunction function;
        private final byte[] bytes;

        Registers(PciFunction function) {
            this.function = function;
            bytes = new byte[function.config().length()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) function.config().u8(i);
            }
        }

        @Override
        public PciFunction function() {
            return function;
        }

        @Override
        public long read(int offset, int width) {
            long value = 0;
            for (int i = width - 1; i >= 0; i--) {
                value = value << 8 | (offset + width <= bytes.length ? bytes[offset + i] & 0xff : 0xff);
            }
            return value;
        }

        @Override
        public void write(int offset, int width, long value) {
            long kept = offset == BAR ? value & BAR_MASK : value;
            for (int i = 0; i < width && offset >= 4; i++) {
                bytes[offset + i] = (byte) (kept >> 8 * i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void readsWritesAndComplainsAsRecorded(String machine) {
        Recordings recordings = new Recordings(machine);
        List<ConfigTarget> machineTargets = recordings.functions("lspci-xxxx.unloaded").stream()
                .<ConfigTarget>map(Registers::new)
                .toList();
        Setpci setpci = new Setpci(privileged -> machineTargets, tree);
        List<RecordedCommand> commands = RecordedCommand.all(recordings.whole("setpci-examples-and-errors"));

        assertThat(commands).hasSizeGreaterThanOrEqualTo(20);
        for (RecordedCommand command : commands) {
            assertThat(Run.of(setpci, command.arguments()))
                    .as("%s", command.words())
                    .isEqualTo(command.run());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void registersAreAsRecorded(String machine) {
        for (String state : List.of("loaded", "unloaded")) {
            dump(new Recordings(machine).text("lspci-xxxx." + state));
            // an unknown register has printed no line, so that the next name stands behind its sign
            String recorded = new Recordings(machine).text("setpci." + state).replace("CAPABILITY_LIST=", "");
            for (String line : recorded.substring(0, recorded.indexOf("---")).split("\n")) {
                String[] pair = line.split("=");
                assertThat(onDump("-s", "00:04.0", pair[0])).isEqualTo(new Run(0, pair[1] + "\n", ""));
            }
        }
    }

    private void dump(String text) {
        tree.file("/dump", text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Run onDump(String... words) {
        String[] all = new String[words.length + 4];
        System.arraycopy(new String[] {"-A", "dump", "-O", "dump.name=/dump"}, 0, all, 0, 4);
        System.arraycopy(words, 0, all, 4, words.length);
        return Run.of(dumps, all);
    }

    @Test
    void valuesGoIntoTheRegistersBehindTheFirst() {
        Registers card = new Registers(new Recordings("q35").functions().get(3));
        Setpci setpci = new Setpci(privileged -> List.of(card), tree);

        Run run = Run.of(setpci, "-v", "-s", "04.0", "INTERRUPT_LINE=5,0:0,1:f");

        assertThat(run.text()).isEqualTo("0000:00:04.0 @3c 05 01->(00:00)->01 00->(01:0f)->01\n");
        assertThat(card.read(0x3c, 4)).isEqualTo(0x00010105);
    }

    @Test
    void aDemonstrationWritesNothing() {
        Registers card = new Registers(new Recordings("q35").functions().get(3));
        Setpci setpci = new Setpci(privileged -> List.of(card), tree);

        assertThat(Run.of(setpci, "-D", "-s", "04.0", "INTERRUPT_LINE=77").status())
                .isZero();
        assertThat(card.read(0x3c, 1)).isEqualTo(0x0a);
    }

    @Test
    void aDumpCannotBeWritten() {
        dump(new Recordings("q35").text("lspci-xxxx.loaded"));

        assertThat(onDump("-s", "04.0", "COMMAND=0"))
                .isEqualTo(new Run(1, "", "setpci: Writing to dump files is not supported.\n"));
    }

    @Test
    void whoMayNotWriteIsToldAsByPciutils() {
        List<Boolean> asked = new ArrayList<>();
        Registers card = new Registers(new Recordings("q35").functions().get(3)) {
            @Override
            public Optional<String> refusal() {
                return Optional.of("pcilib: Cannot open config");
            }
        };
        Setpci setpci = new Setpci(
                privileged -> {
                    asked.add(privileged);
                    return List.of(card);
                },
                tree);

        assertThat(Run.of(setpci, "-s", "04.0", "INTERRUPT_LINE=77"))
                .isEqualTo(new Run(0, "", "pcilib: Cannot open config\n"));
        assertThat(card.read(0x3c, 1)).isEqualTo(0x0a);
        assertThat(asked).containsExactly(true);
    }

    @Test
    void completionOffersRegisters() {
        assertThat(dumps.offers("REGISTER", List.of())).contains("COMMAND", "CAP_MSI", "ECAP_AER");
    }
}
