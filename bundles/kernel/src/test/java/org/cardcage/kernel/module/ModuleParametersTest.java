package org.cardcage.kernel.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModuleParametersTest {

    private final ModuleParameters parameters = ModuleParameters.of(
            Map.of("mode", "int", "quiet", "bool", "label", "charp"),
            Map.of("mode", "0", "quiet", "n", "label", "edu"));

    @ModuleParameter(name = "mode", type = "int", value = "3", description = "a number")
    @ModuleParameter(name = "label", type = "charp", value = "x", description = "a text")
    private static final class Annotated {}

    @Test
    void annotationsGiveTypesAndDefaults() {
        ModuleParameters made = ModuleParameters.of(Annotated.class, Map.of("label", "y"));
        assertThat(made.intValue("mode")).isEqualTo(3);
        assertThat(made.text("label")).isEqualTo("y");
    }

    @ParameterizedTest
    @CsvSource({"y,Y", "1,Y", "on,Y", "N,N", "off,N", "0,N"})
    void boolsTakeWhatLinuxTakes(String text, String shown) {
        parameters.set("quiet", text);
        assertThat(parameters.text("quiet")).isEqualTo(shown);
    }

    @Test
    void aBoolWithoutValueIsTrue() {
        parameters.set("quiet", null);
        assertThat(parameters.booleanValue("quiet")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"mode,abc,EINVAL", "mode,99999999999,ERANGE", "quiet,maybe,EINVAL", "quiet,oo,EINVAL"})
    void badValuesAreSaidInTheKernelsWordsAndChangeNothing(String name, String text, String errno) {
        String before = parameters.text(name);
        assertThatThrownBy(() -> parameters.set(name, text))
                .hasMessage(errno + ": `" + text + "' invalid for parameter `" + name + "'");
        assertThat(parameters.text(name)).isEqualTo(before);
    }

    @Test
    void anEmptyOrMissingNumberIsInvalid() {
        assertThatThrownBy(() -> parameters.set("mode", "")).hasMessageContaining("`' invalid for parameter `mode'");
        assertThatThrownBy(() -> parameters.set("mode", null)).hasMessageContaining("`' invalid for parameter `mode'");
    }
}
