package org.cardcage.shell.internal.gogo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void theCursorOfAWordCountsNoEscapes() {
        ParsedLine parsed = parse("cat a\\ dir/f");

        assertThat(parsed.word().substring(0, parsed.wordCursor())).isEqualTo("a dir/f");
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo 5 > a\\ d", "echo 5 >>a\\ d", "cat < a\\ d", "lsmod | wc > 'a d"})
    void theTargetOfARedirectionIsAWord(String line) {
        ParsedLine parsed = parse(line);

        assertThat(parsed).isInstanceOf(RedirectionTarget.class);
        assertThat(parsed.word()).isEqualTo("a d");
    }

    @Test
    void aWordBehindTheTargetIsNoTarget() {
        assertThat(parse("echo 5 > /dev/edu0 an").word()).isEqualTo("an");
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo a |", "echo a | ", "echo a &&", "false || ", "{ echo a"})
    void aLineThatEndsInTheMiddleGoesOn(String line) {
        assertThatThrownBy(() -> new LineParser().parse(line, line.length(), ParseContext.ACCEPT_LINE))
                .isInstanceOf(EOFError.class);
    }

    private static ParsedLine parse(String line) {
        return new LineParser().parse(line, line.length(), ParseContext.COMPLETE);
    }
}
