package org.cardcage.kmod.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterTextTest {

    /** The last column shows name=[value], or the name alone if there is no value. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, quoteCharacter = '\'', textBlock = """
            a=1                     | a=[1]
            '  a=1   b=2  '         | a=[1] b=[2]
            quiet                   | quiet
            a=                      | a=[]
            a=b=c                   | a=[b=c]
            label="two words"       | label=[two words]
            "label=two words"       | label=[two words]
            label=two words         | label=[two] words
            label=a"b c"d           | label=[a"b c"d]
            label=""                | label=[]
            label="                 | label=[]
            label="open end         | label=[open end]
            a=1 a=2                 | a=[1] a=[2]
            a=1 -- b=2              | a=[1]
            =5                      | =5
            ''                      | ''
            """)
    void textIsCutAsTheKernelCutsIt(String text, String expected) {
        String actual = ParameterText.parse(text).stream()
                .map(a -> a.value() == null ? a.name() : a.name() + "=[" + a.value() + "]")
                .collect(Collectors.joining(" "));
        assertThat(actual).isEqualTo(expected);
    }
}
