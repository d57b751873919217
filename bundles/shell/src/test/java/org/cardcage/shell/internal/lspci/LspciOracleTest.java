package org.cardcage.shell.internal.lspci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.cardcage.shell.internal.command.FakeTree;
import org.cardcage.shell.internal.command.Run;
import org.cardcage.shell.internal.lspci.function.PciIds;
import org.cardcage.shell.internal.lspci.function.PciIdsFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lspci -F} answers what pciutils answers, byte for byte: standard output, standard error and status. */
class LspciOracleTest {

    private static final int GENERATED = 100;
    private static final int DAMAGED = 60;
    private static final int FIT_INTO_LINE = 64;
    private static final int VIEWS_OF_EACH = 3;
    /** A bridge that leads to itself makes pciutils run for ever in its trees, until it dies. */
    private static final int BROKEN = 8;

    @TempDir
    private Path folder;

    private Oracle lspci;
    private final Map<String, byte[]> files = new TreeMap<>();
    private PciIds hostNames = PciIds.EMPTY;
    private int broken;

    @BeforeEach
    void needsPciutils() throws Exception {
        lspci = new Oracle("lspci", folder);
        lspci.require();
        file("pci.ids", Recordings.resource("pci.ids") + Recordings.resource("odd-names.ids"));
    }

    private void file(String name, String text) throws Exception {
        files.put(name, text.getBytes(StandardCharsets.ISO_8859_1));
        Files.write(folder.resolve(name), files.get(name));
    }

    /** Both run in a folder with the same files. */
    private void compare(String name, List<String> words) throws Exception {
        FakeTree tree = new FakeTree();
        files.forEach((file, bytes) -> tree.file("/" + file, bytes));
        Run ours = Run.of(new Lspci(null, null, tree, () -> hostNames), words.toArray(String[]::new));
        Oracle.Answer answer = lspci.run(words);
        if (answer.isBroken()) {
            broken++;
            assertThat(ours.status()).as("%s %s", name, words).isZero();
            return;
        }
        assertThat(ours).as("%s %s", name, words).isEqualTo(new Run(answer.status(), answer.text(), answer.errors()));
    }

    private void compare(String name, String dump, String flags) throws Exception {
        file("dump", dump);
        List<String> words = new ArrayList<>(List.of("-F", "dump", "-i", "pci.ids"));
        words.addAll(new Flags(flags).words());
        compare(name, words);
    }

    private static List<String> lines(String resource) {
        return Recordings.resource(resource)
                .lines()
                .filter(l -> !l.startsWith("#"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void recordedMachinesLookTheSame(String machine) throws Exception {
        for (String dump : List.of("lspci-xxxx.loaded", "lspci-x.loaded")) {
            for (String flags : lines("oracle-options.txt")) {
                compare(machine + " " + dump, new Recordings(machine).text(dump), flags);
            }
        }
        assertThat(broken).isZero();
    }

    @Test
    void theNamesOfTheHostAreFound() throws Exception {
        hostNames = new PciIdsFile(PciIdsFile.USUAL).get();
        for (String machine : List.of("pc", "q35")) {
            file("dump", new Recordings(machine).text("lspci-xxxx.loaded"));
            for (String flags : List.of("-D", "-nn", "-vnn", "-mm", "-tv")) {
                compare(machine, List.of("-F", "dump", flags));
            }
        }
        for (int seed = 0; seed < 20; seed++) {
            file("dump", new DumpGenerator(seed).dump());
            compare("seed " + seed, List.of("-F", "dump", "-v"));
        }
    }

    @Test
    void machinesOfChanceLookTheSame() throws Exception {
        List<String> all = lines("oracle-options.txt");
        for (int seed = 0; seed < GENERATED; seed++) {
            String dump = new DumpGenerator(seed).dump();
            Random random = new Random(seed);
            List<String> views = new ArrayList<>(List.of("-vvv"));
            for (int i = 0; i < VIEWS_OF_EACH; i++) {
                views.add(all.get(random.nextInt(all.size())));
            }
            for (String flags : views) {
                compare("seed " + seed, dump, flags);
            }
        }
        assertThat(broken)
                .as("runs in which pciutils died of a fault of its own")
                .isLessThanOrEqualTo(BROKEN);
    }

    @Test
    void commandLinesRightAndWrongAreAnsweredAlike() throws Exception {
        file("dump", new Recordings("q35").text("lspci-xxxx.loaded"));
        for (String line : lines("lspci-oracle-lines.txt")) {
            compare(
                    "line",
                    List.of(line.replace("-F dump ", "-F dump -i pci.ids ").split(" ")));
        }
        assertThat(broken).isZero();
    }

    @Test
    void databasesOfNamesAreReadAndRefusedAlike() throws Exception {
        String ids = Recordings.resource("pci.ids");
        file("dump", new Recordings("q35").text("lspci-xxxx.loaded"));
        file("class", ids.replace("\nC 02", "\nC 0g"));
        file("$1", ids + "nothing\n");
        file("twice", ids + "8086  Again\n");
        file("orphan", "\t1234  no vendor\n" + ids);
        file("nobody", ids + "S abcd\n");
        file("unknown-block", ids + "L 00\n\tzz  whatever\n\t\t\tdeep\n7777  " + "x".repeat(1015) + "\n");
        file("long", ids + "7777  " + "x".repeat(1017) + "\n");
        file("nameless", ids + "7777  \n");
        file("windows", ids.replace("\n", "\r\n").replace("Corporation", "Corporation\t "));
        file("no-end", ids.stripTrailing());
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
            zip.write(files.get("pci.ids"));
        }
        file("zipped", zipped.toString(StandardCharsets.ISO_8859_1));
        List<String> databases = new ArrayList<>(files.keySet());
        databases.remove("dump");
        databases.addAll(List.of("no-file", ".", "pci.ids.gz"));
        for (String database : databases) {
            for (String flags : List.of("-D", "-n", "-vn", "-mm", "-tv", "-vmm")) {
                compare(database, List.of("-F", "dump", "-i", database, flags));
            }
        }
    }

    @Test
    void textsThatAreDamagedAreReadAndRefusedAlike() throws Exception {
        for (int seed = 0; seed < DAMAGED; seed++) {
            compare("damaged, seed " + seed, new DamagedText(seed).dump(), seed % 2 == 0 ? "-vvxxxx" : "-tvnn");
        }
        assertThat(broken).isLessThanOrEqualTo(BROKEN);
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
                head + "1000: 00\n",
                head + "7fffffff: 00\n",
                head + "00: 86 80\0 11\n",
                head + "00: " + "00 ".repeat(90) + "\n");
        for (String dump : bad) {
            compare(dump, dump, "-");
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
                "00:01.a No number\n00: 86 80 00 10\n",
                "ff:ff.0 No such device\n00: 86 80 00 10\n\ttext\n04: 00 00\n",
                "00:02.0 \u00c3\u0085 bytes of UTF-8\n00: 86 80 00 10\n",
                "00:03.0 A gap\n00: 86 80 00 10\n30: 00 11\n000080: AA\n0000fff: 00\n",
                "00:1f.0 Trailing blank\n00: 86 80 00 10 \n");
        for (String dump : odd) {
            for (String flags : List.of("-", "-v", "-vv", "-x", "-xxxx", "-m", "-vmm", "-t", "-P", "-nn")) {
                compare(dump, dump, flags);
            }
        }
        assertThat(broken).isZero();
    }

    @Test
    void aTreeTooWideForALineIsCutInTheSameWay() throws Exception {
        // with many more bridges pciutils writes so far behind its buffer that it dies
        for (int bridges = FIT_INTO_LINE - 2; bridges <= FIT_INTO_LINE; bridges++) {
            for (String flags : List.of("-t", "-tv", "-tvnn", "-t -s .1")) {
                compare(bridges + " bridges", chain(bridges), flags);
            }
        }
        assertThat(lspci.run(List.of("-F", "dump", "-tv")).text()).contains("...\n");
        assertThat(broken).isZero();
    }

    /** Bridges one behind the other, behind every second one a device as well. */
    private static String chain(int bridges) {
        StringBuilder dump = new StringBuilder();
        for (int bus = 0; bus <= bridges; bus++) {
            String buses = String.format("%02x %02x %02x 00", bus, bus + 1, bridges);
            for (int device = bus == bridges ? 1 : 0; device <= Math.max(bus % 2, bus / bridges); device++) {
                dump.append(String.format("%02x:%02x.0 Function\n", bus, device));
                dump.append("00: 86 80 37 12 07 00 10 00 00 00 04 06 00 00 ")
                        .append(device == 0 ? "01 00\n" : "00 00\n");
                dump.append("10: 00 00 00 00 00 00 00 00 ").append(buses).append(" 00 00 00 00\n");
                dump.append("20: ")
                        .append("00 ".repeat(16))
                        .append("\n30: ")
                        .append("00 ".repeat(16))
                        .append("\n\n");
            }
        }
        return dump.toString();
    }

    @Test
    void theDatabaseOfTheTestsIsUnderstood() throws Exception {
        PciIds ids =
                PciIds.parse(new StringReader(Recordings.resource("pci.ids") + Recordings.resource("odd-names.ids")));

        assertThat(ids.vendor(0xff02)).contains("\"Quoted\" \\ Vendor");
    }
}
