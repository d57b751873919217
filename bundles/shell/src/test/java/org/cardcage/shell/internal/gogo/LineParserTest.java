package org.cardcage.shell.internal.gogo;

import static org.assertj.core.api.Assertions.assertThat;

import org.jline.reader.CompletingParsedLine;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineParserTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "cat a, a\\ dir/f",
                "cat 'a, 'a dir/f'",
                "cat \"a, \"a dir/f\"",
                "ls; cat a, a\\ dir/f",
                "cat , a\\ dir/f"
            })
    void aNameWithABlankIsQuotedAsTheUserHasBegun(String typed, String completed) {
        String line = typed.equals("cat") ? "cat " : typed;
        CompletingParsedLine parsed =
                (CompletingParsedLine) new LineParser().parse(line, line.length(), ParseContext.COMPLETE);

        assertThat(parsed.escape("a dir/f", true)).hasToString(completed);
    }
}
