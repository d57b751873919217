package org.cardcage.shell.internal.lspci;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cardcage.shell.internal.lspci.function.DumpReader;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.PciIds;
import org.cardcage.shell.internal.lspci.function.PciIdsFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lspci -F} prints what pciutils prints, byte for byte, on standard output and on standard error. */
class LspciOracleTest {

    private static final int GENERATED = 100;
    private static final int VIEWS_OF_EACH = 3;
    private static final int BROKEN = 3;

    @TempDir
    private Path folder;

    private Oracle lspci;
    private int broken;

    @BeforeEach
    void needsPciutils() throws Exception {
        lspci = new Oracle("lspci", folder);
        lspci.require();
    }

    private void compare(String name, String dump, Flags flags, PciIds ids, List<String> more) throws Exception {
        Path file = folder.resolve("dump");
        Files.writeString(file, dump, StandardCharsets.ISO_8859_1);
        List<String> words = new ArrayList<>(List.of("-F", file.toString()));
        words.addAll(more);
        words.addAll(flags.words());
        Oracle.Answer answer = lspci.run(words);
        if (answer.isBroken()) {
            broken++;
            return;
        }
        List<PciFunction> functions = DumpReader.read(dump);
        PciListing listing = flags.listing(functions, ids);
        assertThat(listing.text(flags.filter())).as("%s %s", name, flags.line()).isEqualTo(answer.text());
        assertThat(String.join(
                        "", listing.warnings().stream().map(w -> w + "\n").toList()))
                .as("%s %s, warnings", name, flags.line())
                .isEqualTo(answer.errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void recordedMachinesLookTheSame(String machine) throws Exception {
        for (String dump : List.of("lspci-xxxx.loaded", "lspci-x.loaded")) {
            for (Flags flags : Flags.all()) {
                compare(
                        machine + " " + dump,
                        new Recordings(machine).text(dump),
                        flags,
                        Recordings.ids(),
                        List.of("-i", names()));
            }
        }
        assertThat(broken).isZero();
    }

    @Test
    void theNamesOfTheHostAreFound() throws Exception {
        PciIds ids = new PciIdsFile(PciIdsFile.USUAL).get();
        for (String machine : List.of("pc", "q35")) {
            for (String flags : List.of("-", "-nn", "-vnn", "-mm", "-tv")) {
                compare(machine, new Recordings(machine).text("lspci-xxxx.loaded"), new Flags(flags), ids, List.of());
            }
        }
        for (int seed = 0; seed < 20; seed++) {
            compare("seed " + seed, new DumpGenerator(seed).dump(), new Flags("-v"), ids, List.of());
        }
    }

    @Test
    void machinesOfChanceLookTheSame() throws Exception {
        List<Flags> all = Flags.all();
        for (int seed = 0; seed < GENERATED; seed++) {
            String dump = new DumpGenerator(seed).dump();
            Random random = new Random(seed);
            List<Flags> views = new ArrayList<>(List.of(new Flags("-vvv")));
            for (int i = 0; i < VIEWS_OF_EACH; i++) {
                views.add(all.get(random.nextInt(all.size())));
            }
            for (Flags flags : views) {
                compare("seed " + seed, dump, flags, Recordings.ids(), List.of("-i", names()));
            }
        }
        assertThat(broken)
                .as("runs in which pciutils died of a fault of its own")
                .isLessThanOrEqualTo(BROKEN);
    }

    @Test
    void dumpsThatAreNoneAreRefusedInTheSameWords() throws Exception {
        String head = "00:01.0 Device\n";
        List<String> bad = List.of(
                head + "00: 86 80 11 22 00 00",
                head + "00: 86 80 xx\n",
                head + "00: 86  80\n",
                head + "00: 8\n",
                head + "fff: 00 11\n",
                head + "00: " + "00 ".repeat(90) + "\n");
        for (String dump : bad) {
            Path file = folder.resolve("dump");
            Files.writeString(file, dump, StandardCharsets.ISO_8859_1);
            Oracle.Answer answer = lspci.run(List.of("-F", file.toString()));
            String ours = "";
            try {
                DumpReader.read(dump);
            } catch (DumpReader.BadDumpException e) {
                ours = "lspci: dump: " + e.getMessage() + "\n";
            }
            assertThat(ours).as(dump).isEqualTo(answer.errors()).isNotEmpty();
        }
    }

    @Test
    void linesThatSayNothingAreSkippedInTheSameWay() throws Exception {
        List<String> odd = List.of(
                "",
                "no dump at all\n\n",
                "10000:00:01.0 Five digits\n00: 86 80\n",
                "00:01.0 Head\r\n00: 86 80 11 22\r\n\r\n10: 00\n",
                "00:01.0 Twice\n00: 11 11 22 22\n\n00:01.0 Twice\n00: 33 33 44 44\n",
                "00:01.9 No such function\n00: 86 80 00 10\n",
                "ff:ff.0 No such device\n00: 86 80 00 10\n\ttext\n04: 00 00\n",
                "00:1f.0 Trailing blank\n00: 86 80 00 10 \n");
        for (String dump : odd) {
            for (String flags : List.of("-", "-v", "-vv", "-x", "-xxxx", "-m", "-vmm", "-t", "-P", "-nn")) {
                compare(dump, dump, new Flags(flags), Recordings.ids(), List.of("-i", names()));
            }
        }
        assertThat(broken).isZero();
    }

    private String names() throws Exception {
        Path names = folder.resolve("pci.ids");
        Files.writeString(names, Recordings.resource("pci.ids"), StandardCharsets.ISO_8859_1);
        return names.toString();
    }
}
