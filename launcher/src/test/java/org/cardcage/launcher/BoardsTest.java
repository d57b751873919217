package org.cardcage.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.service.feature.FeatureConfiguration;

class BoardsTest {
    private final Boards boards = new Boards(Distribution.shipped());

    @TempDir
    private Path folder;

    @Test
    void theDefaultBoardHasAnEduCard() throws Exception {
        assertThat(boards.find("edu").configurations())
                .extracting(FeatureConfiguration::getPid)
                .containsExactlyInAnyOrder("org.cardcage.board", "org.cardcage.edu.device~edu0");
    }

    @Test
    void aFileIsABoardToo() throws Exception {
        Path file = Files.writeString(folder.resolve("mine.json"), """
                { "id": "me:mine:1", "configurations": { "org.cardcage.board": {}, "card~one": { "slot": "00:05.0", "size:Integer": 7 } } }
                """);

        assertThat(boards.find(file.toString()).configurations())
                .extracting(FeatureConfiguration::getValues)
                .containsExactlyInAnyOrder(Map.of(), Map.of("slot", "00:05.0", "size", 7));
    }

    @Test
    void furtherArgumentsOfQemuComeBehindThoseOfTheBoard() throws Exception {
        Path file = Files.writeString(folder.resolve("mine.json"), """
                { "id": "me:mine:1", "configurations": { "org.cardcage.qemu": { "arguments": "-S" } } }
                """);

        Boards.Found found = boards.find(file.toString(), List.of("-smp", "2"));

        FeatureConfiguration qemu = found.configurations().iterator().next();
        Object arguments = qemu.getValues().get("arguments");
        assertThat(arguments).isEqualTo(new String[] {"-S", "-smp", "2"});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{ 'id': 7 }",
                "{ 'id': 'a:b:1', 'configurations': [] }",
                "{ 'id': 'a:b:1', 'configurations': { 'org.cardcage.board': null } }"
            })
    void whatIsMissingInAFeatureFileIsSaidInWordsOfOurs(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("empty.json"), text.replace('\'', '"'));

        assertThatThrownBy(() -> boards.find(file.toString()))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith(
                        "board " + file + " is not a feature file, which is a JSON object with an id as in")
                .message()
                .doesNotContain("java.", "null", "class ");
    }

    /** A file of the folder with these bytes. */
    private String file(byte... bytes) throws Exception {
        return Files.write(folder.resolve("file"), bytes).toString();
    }

    @Test
    void whatIsNoTextIsSaid() throws Exception {
        String empty = file();
        assertThatThrownBy(() -> boards.find(empty))
                .hasMessageStartingWith("board " + empty + " is not a feature file");
        assertThatThrownBy(() -> boards.find("dump:" + empty))
                .hasMessageStartingWith(empty + ": no function in this dump");
        String binary = file((byte) 0x7f, (byte) 'E', (byte) 0xff, (byte) 0x1b, (byte) '\n');
        assertThatThrownBy(() -> boards.find(binary)).hasMessage("board " + binary + " is no text in UTF-8");
        assertThatThrownBy(() -> boards.find("dump:" + binary))
                .hasMessageStartingWith(binary + ":1: \"?E??\" does not begin with the address");
    }

    @Test
    void whatIsNoFileIsSaid() {
        String missing = folder.resolve("missing").toString();
        assertThatThrownBy(() -> boards.find(folder.toString()))
                .hasMessage("board " + folder + " is a directory; it must be a file");
        assertThatThrownBy(() -> boards.find(missing))
                .hasMessageStartingWith("board " + missing + " is neither shipped");
        assertThatThrownBy(() -> boards.find("dump:" + folder))
                .hasMessage("dump " + folder + " cannot be read: Is a directory");
        assertThatThrownBy(() -> boards.find("dump-reassign:" + missing))
                .hasMessage("dump " + missing + " cannot be read: No such file or directory");
        assertThatThrownBy(() -> boards.find("dump:")).hasMessageContaining("there must be a file behind dump:");
    }

    @Test
    void whatIsNoBoardIsSaid() throws Exception {
        Path garbage = Files.writeString(folder.resolve("garbage"), "no feature");
        Path bundles = Files.writeString(
                folder.resolve("bundles"), "{ 'id': 'a:b:1', 'bundles': [{ 'id': 'c:d:1' }] }".replace('\'', '"'));

        assertThatThrownBy(() -> boards.find("none"))
                .isInstanceOf(StartException.class)
                .hasMessage("board none is neither shipped (edu, pc, q35 and qemu are) nor a file, nor dump:FILE");
        assertThatThrownBy(() -> boards.find(garbage.toString()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("is not a feature file");
        assertThatThrownBy(() -> boards.find(bundles.toString()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("names bundles");
    }
}
