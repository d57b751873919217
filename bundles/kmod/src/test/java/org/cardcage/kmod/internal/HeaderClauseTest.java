package org.cardcage.kmod.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class HeaderClauseTest {

    @Test
    void separatorsWithinQuotesDoNotSeparate() {
        assertThat(HeaderClause.parse("a;x=\"1, 2; 3\",b;y=\"say \\\"no; or\\\" \\\\\""))
                .extracting(HeaderClause::name, HeaderClause::attributes)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", java.util.Map.of("x", "1, 2; 3")),
                        org.assertj.core.groups.Tuple.tuple("b", java.util.Map.of("y", "say \"no; or\" \\")));
    }

    @Test
    void attributesLoseTheirTypeAndDirectivesAreApart() {
        HeaderClause clause = HeaderClause.parse("osgi.ee; v:Long=12 ;filter:=\"(&(a=b)(version>=1.0))\"")
                .get(0);
        assertThat(clause.attributes()).containsExactly(entry("v", "12"));
        assertThat(clause.directives()).containsExactly(entry("filter", "(&(a=b)(version>=1.0))"));
    }

    @Test
    void aMissingOrEmptyHeaderHasNoClauses() {
        assertThat(HeaderClause.parse(null)).isEmpty();
        assertThat(HeaderClause.parse("")).isEmpty();
        assertThat(HeaderClause.parse(" , ,")).isEmpty();
    }

    @Test
    void anUnfinishedQuoteIsNotFatal() {
        assertThat(HeaderClause.parse("a;x=\"1,b")).hasSize(1);
        assertThat(HeaderClause.parse("a;x=\"1\\")).hasSize(1);
    }
}
