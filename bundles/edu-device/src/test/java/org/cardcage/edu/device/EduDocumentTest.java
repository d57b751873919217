package org.cardcage.edu.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The datasheet. {@code -Dcardcage.datasheet.write} prints its table anew instead of comparing it. */
class EduDocumentTest {

    private static final Path DOCUMENT = Path.of("..", "..", "docs", "devices", "edu.md");
    private static final String BEGIN = "<!-- registers: printed from the declaration in EduDevice -->\n\n";
    private static final String END = "\n<!-- end of registers -->";

    @Test
    void theTableInTheDocumentIsTheDeclaration() throws IOException {
        String text = Files.readString(DOCUMENT);
        assertThat(text).contains(BEGIN, END);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END);
        String declared = new EduDevice().registers().toMarkdown();
        if (System.getProperty("cardcage.datasheet.write") != null) {
            Files.writeString(DOCUMENT, text.substring(0, from) + declared + text.substring(to));
        } else {
            assertThat(text.substring(from, to)).isEqualTo(declared);
        }
    }
}
