package org.cardcage.shell.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FileCommandsTest {

    private static final byte[] ALL_BYTES = allBytes();

    private final FakeTree tree = new FakeTree();

    private static byte[] allBytes() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    @BeforeEach
    void plug() {
        tree.directory("/dev");
        tree.device("/dev/edu0", 246, 0, "0x010000ed\n".getBytes(StandardCharsets.US_ASCII));
        tree.file("/bytes", ALL_BYTES);
    }

    @Test
    void catPrintsBytesAsTheyAre() {
        assertThat(Run.of(new Cat(tree), "bytes").text().getBytes(StandardCharsets.ISO_8859_1))
                .isEqualTo(ALL_BYTES);
    }

    @Test
    void catReadsStandardInputAndGoesOnAfterAnError() {
        assertThat(Run.of(new Cat(tree)).text()).isEqualTo("typed\n");
        assertThat(Run.of(new Cat(tree), "/dev/edu9", "-", "/dev", "/dev/edu0/x", "/dev/edu0"))
                .isEqualTo(new Run(1, "typed\n0x010000ed\n", """
                                cat: /dev/edu9: No such file or directory
                                cat: /dev: Is a directory
                                cat: /dev/edu0/x: Not a directory
                                """));
    }

    @Test
    void hexdumpIsThatOfUtilLinux() {
        assertThat(Run.of(new Hexdump(tree), "-C", "/dev/edu0").text())
                .isEqualTo("00000000  30 78 30 31 30 30 30 30  65 64 0a                 |0x010000ed.|\n0000000b\n");
    }

    @Test
    void hexdumpWritesEqualLinesOnce() {
        byte[] zeros = new byte[80];
        zeros[79] = 'x';
        tree.file("/zeros", zeros);

        assertThat(Run.of(new Hexdump(tree), "-C", "/zeros").text()).isEqualTo("""
                        00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
                        *
                        00000040  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 78  |...............x|
                        00000050
                        """);
        assertThat(Run.of(new Hexdump(tree), "-C", "-n", "40", "/zeros").text()).isEqualTo("""
                        00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
                        *
                        00000020  00 00 00 00 00 00 00 00                           |........|
                        00000028
                        """);
    }

    @Test
    void hexdumpOfNothingIsNothing() {
        tree.file("/empty", new byte[0]);

        assertThat(Run.of(new Hexdump(tree), "-C", "/empty")).isEqualTo(new Run(0, "", ""));
        assertThat(Run.of(new Hexdump(tree), "-C", "/dev/edu9"))
                .isEqualTo(new Run(
                        1,
                        "",
                        "hexdump: /dev/edu9: No such file or directory\nhexdump: all input file arguments failed\n"));
    }

    @Test
    void headTakesBytesOrLines() {
        tree.file("/lines", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(Run.of(new Head(tree), "-c", "3", "/dev/edu0").text()).isEqualTo("0x0");
        assertThat(Run.of(new Head(tree), "/lines").text()).endsWith("\n10\n");
        assertThat(Run.of(new Head(tree), "-2", "/lines").text()).isEqualTo("1\n2\n");
        assertThat(Run.of(new Head(tree), "-n1", "/lines", "-").text())
                .isEqualTo("==> /lines <==\n1\n\n==> standard input <==\ntyped\n");
    }

    @Test
    void tailTakesTheLastBytesOrLines() {
        tree.file("/lines", "1\n2\n3\nfour".getBytes(StandardCharsets.US_ASCII));

        assertThat(Run.of(new Tail(tree), "-c", "3", "/dev/edu0").text()).isEqualTo("ed\n");
        assertThat(Run.of(new Tail(tree), "-c", "6", "/lines").text()).isEqualTo("3\nfour");
        assertThat(Run.of(new Tail(tree), "-2", "/lines").text()).isEqualTo("3\nfour");
        assertThat(Run.of(new Tail(tree), "-n", "0", "/lines").text()).isEmpty();
        assertThat(Run.of(new Tail(tree), "/lines").text()).isEqualTo("1\n2\n3\nfour");
    }

    @Test
    void aSignedNumberCountsFromTheOtherEnd() {
        tree.file("/lines", "1\n2\n3\nfour".getBytes(StandardCharsets.US_ASCII));

        assertThat(Run.of(new Tail(tree), "-n", "+3", "/lines").text()).isEqualTo("3\nfour");
        assertThat(Run.of(new Tail(tree), "-c", "+3", "/lines").text()).isEqualTo("2\n3\nfour");
        assertThat(Run.of(new Tail(tree), "-n+0", "/lines").text()).isEqualTo("1\n2\n3\nfour");
        assertThat(Run.of(new Tail(tree), "-n", "+9", "/lines").text()).isEmpty();
        assertThat(Run.of(new Tail(tree), "-n", "-1", "/lines").text()).isEqualTo("four");
        assertThat(Run.of(new Head(tree), "-n", "-1", "/lines").text()).isEqualTo("1\n2\n3\n");
        assertThat(Run.of(new Head(tree), "-c", "-5", "/lines").text()).isEqualTo("1\n2\n3");
        assertThat(Run.of(new Head(tree), "-n", "-0", "/lines").text()).isEqualTo("1\n2\n3\nfour");
        assertThat(Run.of(new Head(tree), "-n", "-9", "/lines").text()).isEmpty();
        assertThat(Run.of(new Head(tree), "-n", "+1", "/lines").text()).isEqualTo("1\n");
        assertThat(Run.of(new Head(tree), "-n", "--1", "/lines"))
                .isEqualTo(new Run(1, "", "head: invalid number of lines: '--1'\n"));
    }

    @Test
    void wcAlignsItsColumnsLikeCoreutils() {
        assertThat(Run.of(new Wc(tree), "-c", "/dev/edu0").text()).isEqualTo("11 /dev/edu0\n");
        assertThat(Run.of(new Wc(tree)).text()).isEqualTo("      1       1       6\n");
        assertThat(Run.of(new Wc(tree), "-l", "/bytes", "/bytes", "/nope"))
                .isEqualTo(new Run(1, "  1 /bytes\n  1 /bytes\n  2 total\n", "wc: /nope: No such file or directory\n"));
    }

    @Test
    void grepPrintsMatchingLines() {
        tree.file("/log", "edu: loaded\npci: 42\nEDU\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(Run.of(new Grep(tree), "edu", "/log")).isEqualTo(new Run(0, "edu: loaded\n", ""));
        assertThat(Run.of(new Grep(tree), "-ic", "^edu", "/log").text()).isEqualTo("2\n");
        assertThat(Run.of(new Grep(tree), "-vn", "edu", "/log").text()).isEqualTo("2:pci: 42\n3:EDU\n");
        assertThat(Run.of(new Grep(tree), "[[:digit:]]\\+$", "/log", "-").text())
                .isEqualTo("/log:pci: 42\n");
        assertThat(Run.of(new Grep(tree), "-E", "(loaded|typed)$", "/log", "-").text())
                .isEqualTo("/log:edu: loaded\n(standard input):typed\n");
        assertThat(Run.of(new Grep(tree), "-F", ".", "/log")).isEqualTo(new Run(1, "", ""));
        assertThat(Run.of(new Grep(tree), "-q", "pci", "/log")).isEqualTo(new Run(0, "", ""));
        assertThat(Run.of(new Grep(tree), "x", "/nope"))
                .isEqualTo(new Run(2, "", "grep: /nope: No such file or directory\n"));
    }

    @Test
    void sortOrdersLinesByBytesOrNumbers() {
        tree.file("/lines", "b\n10 x\n9\nB\n9".getBytes(StandardCharsets.US_ASCII));

        assertThat(Run.of(new Sort(tree), "/lines").text()).isEqualTo("10 x\n9\n9\nB\nb\n");
        assertThat(Run.of(new Sort(tree), "-n", "/lines").text()).isEqualTo("B\nb\n9\n9\n10 x\n");
        assertThat(Run.of(new Sort(tree), "-ru", "/lines", "-").text()).isEqualTo("typed\nb\nB\n9\n10 x\n");
        assertThat(Run.of(new Sort(tree), "/nope"))
                .isEqualTo(new Run(2, "", "sort: cannot read: /nope: No such file or directory\n"));
    }

    @Test
    void echoJoinsItsWords() {
        assertThat(Run.of(new Echo(), "a", "-n", "b").text()).isEqualTo("a -n b\n");
        assertThat(Run.of(new Echo(), "-n", "-1").text()).isEqualTo("-1");
        assertThat(Run.of(new Echo()).text()).isEqualTo("\n");
    }

    @Test
    void namesAreMadeMovedAndRemoved() {
        assertThat(Run.of(new FileTreeCommands.Mkdir(tree), "-p", "/a/b", "/dev")
                        .status())
                .isZero();
        assertThat(Run.of(new FileTreeCommands.Mkdir(tree), "/a"))
                .isEqualTo(new Run(1, "", "mkdir: cannot create directory '/a': File exists\n"));
        assertThat(Run.of(new FileTreeCommands.Rmdir(tree), "/a").errors())
                .isEqualTo("rmdir: failed to remove '/a': Directory not empty\n");
        assertThat(Run.of(new FileTreeCommands.Ln(tree), "-s", "/bytes", "/a").status())
                .isZero();
        assertThat(tree.readlink(null, "/a/bytes")).isEqualTo("/bytes");
        assertThat(Run.of(new FileTreeCommands.Mv(tree), "/bytes", "/a/b").status())
                .isZero();
        assertThat(tree.stat(null, "/a/b/bytes").size()).isEqualTo(256);
        assertThat(Run.of(new Rm(tree), "/a").errors()).isEqualTo("rm: cannot remove '/a': Is a directory\n");
        assertThat(Run.of(new Rm(tree), "-r", "/a").status()).isZero();
        assertThat(Run.of(new Rm(tree), "-f", "/a")).isEqualTo(new Run(0, "", ""));
        assertThat(Run.of(new Rm(tree), "/a").errors())
                .isEqualTo("rm: cannot remove '/a': No such file or directory\n");
    }

    @Test
    void cpCopiesBytesAndTellsWhatItCannot() {
        tree.directory("/a");
        assertThat(Run.of(new CopyCommands.Cp(tree), "/bytes", "/copy")).isEqualTo(new Run(0, "", ""));
        assertThat(tree.stat(null, "/copy").size()).isEqualTo(256);
        assertThat(Run.of(new CopyCommands.Cp(tree), "/bytes", "/copy", "/a").status())
                .isZero();
        assertThat(tree.stat(null, "/a/copy").size()).isEqualTo(256);
        assertThat(Run.of(new CopyCommands.Cp(tree), "/none", "/a"))
                .isEqualTo(new Run(1, "", "cp: cannot stat '/none': No such file or directory\n"));
        assertThat(Run.of(new CopyCommands.Cp(tree), "/a", "/b"))
                .isEqualTo(new Run(1, "", "cp: -r not specified; omitting directory '/a'\n"));
        assertThat(Run.of(new CopyCommands.Cp(tree), "/bytes", "/none/b").errors())
                .isEqualTo("cp: cannot create regular file '/none/b': No such file or directory\n");
        assertThatThrownBy(() -> Run.of(new CopyCommands.Cp(tree), "/bytes"))
                .hasMessage("missing destination file operand after '/bytes'");
    }

    @Test
    void teeWritesToAllAndGoesOnWithoutThoseThatFail() {
        tree.device("/card", 246, 0, new byte[0]);
        assertThat(Run.of(new CopyCommands.Tee(tree), "/one", "/none/x", "/card", "/two"))
                .isEqualTo(new Run(
                        1, "typed\n", "tee: /none/x: No such file or directory\ntee: /card: Invalid argument\n"));
        assertThat(Run.of(new CopyCommands.Tee(tree), "-a", "/one")).isEqualTo(new Run(0, "typed\n", ""));
        assertThat(Run.of(new Cat(tree), "/one", "/two").text()).isEqualTo("typed\ntyped\ntyped\n");
    }

    @Test
    void mknodMakesCharacterDevices() {
        assertThat(Run.of(new Mknod(tree), "/card", "c", "0xf6", "1")).isEqualTo(new Run(0, "", ""));
        assertThat(tree.stat(null, "/card").major()).isEqualTo(246);
        assertThat(Run.of(new Mknod(tree), "/card", "c", "246", "1"))
                .isEqualTo(new Run(1, "", "mknod: /card: File exists\n"));
        assertThat(Run.of(new Mknod(tree), "/other", "c", "many", "1"))
                .isEqualTo(new Run(1, "", "mknod: invalid major device number 'many'\n"));
        assertThatThrownBy(() -> Run.of(new Mknod(tree), "/other", "c", "246"))
                .hasMessage("missing operand after '246'");
        assertThatThrownBy(() -> Run.of(new Mknod(tree), "/other", "b", "246", "1"))
                .hasMessage("invalid device type 'b'");
    }

    @Test
    void pathsAreNormalizedAsTheyAreWritten() {
        assertThat(DirectoryCommands.Cd.normalize("/sys/./bus//pci/../..")).isEqualTo("/sys");
        assertThat(DirectoryCommands.Cd.normalize("/../..")).isEqualTo("/");
    }

    @Test
    void optionsAreToldFromOperandsAsGetoptDoes() {
        Options options = Options.parse(java.util.List.of("-nk", "x", "-s00:", "-s", "01:", "--", "-z"), "nks:");

        assertThat(options.has("n")).isTrue();
        assertThat(options.values("s")).containsExactly("00:", "01:");
        assertThat(options.operands()).containsExactly("x", "-z");
        assertThatThrownBy(() -> Options.parse(java.util.List.of("-Z"), "nks:")).hasMessage("invalid option -- 'Z'");
        assertThatThrownBy(() -> Options.parse(java.util.List.of("-s"), "nks:"))
                .hasMessage("option requires an argument -- 's'");
    }

    @Test
    void aTerminalSeesEachLineAtOnce() throws IOException {
        for (Command command : List.of(new Hexdump(tree), new Grep(tree), new Head(tree))) {
            ByteArrayOutputStream screen = new ByteArrayOutputStream();
            List<String> seen = new ArrayList<>();
            Iterator<String> lines =
                    List.of("0123456789abcde\n", "second 9abcdefg\n").iterator();
            InputStream in = new InputStream() {
                @Override
                public int read() {
                    throw new UnsupportedOperationException();
                }

                @Override
                public int read(byte[] to, int offset, int length) {
                    seen.add(screen.toString(StandardCharsets.UTF_8));
                    if (!lines.hasNext()) {
                        return -1;
                    }
                    byte[] line = lines.next().getBytes(StandardCharsets.UTF_8);
                    System.arraycopy(line, 0, to, offset, line.length);
                    return line.length;
                }
            };
            String name = command.help().name();
            List<String> words = List.of(name.equals("hexdump") ? "-C" : name.equals("grep") ? "e" : "-n5");

            command.run(new Invocation(name, words, in, screen, System.err, null, OptionalInt.of(80)));

            assertThat(seen).as(name).hasSize(3);
            assertThat(seen.get(1)).as(name).endsWith("\n").hasLineCount(1);
            assertThat(seen.get(2)).as(name).endsWith("\n").hasLineCount(2);
        }
    }
}
