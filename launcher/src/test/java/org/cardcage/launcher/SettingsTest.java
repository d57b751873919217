package org.cardcage.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    private Path folder;

    private Map<String, String> settings(String... arguments) throws Exception {
        try (StateDirectory state = StateDirectory.open(folder.resolve("state"))) {
            return Settings.of(Distribution.shipped(), Options.parse(arguments), state);
        }
    }

    @Test
    void theBundlesLearnWhereTheyAre() throws Exception {
        assertThat(settings("-c", "lspci"))
                .containsEntry("cardcage.state", folder.resolve("state").toString())
                .containsEntry(
                        "cardcage.modules", folder.resolve("state/run/modules").toString())
                .containsEntry("cardcage.cwd", System.getProperty("user.dir"))
                .containsEntry("cardcage.command", "lspci")
                .containsEntry("cardcage.interactive", "false")
                .containsKey("cardcage.release")
                .doesNotContainKey("cardcage.script");
    }

    @Test
    void whatGoesWithTheBundlesIsThere() throws Exception {
        assertThat(settings()).containsEntry("felix.fileinstall.dir", "${cardcage.state}/deploy");
    }

    @Test
    void aScriptIsHandedOverAsText() throws Exception {
        Path script = Files.writeString(folder.resolve("script"), "lspci\nlsmod\n");

        assertThat(settings("-f", script.toString())).containsEntry("cardcage.script", "lspci\nlsmod\n");
    }

    @Test
    void aMissingScriptIsABadCommandLine() {
        assertThatThrownBy(() -> settings("-f", folder.resolve("none").toString()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("cannot be read");
    }
}
