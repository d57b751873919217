package org.cardcage.edu.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EduDocumentTest {

    @Test
    void theTableInTheDocumentIsTheDeclaration() {
        Path document = Path.of("..", "..", "docs", "devices", "edu.md");
        assertThat(document)
                .content()
                .contains("\n" + new EduDevice().registers().toMarkdown());
    }
}
