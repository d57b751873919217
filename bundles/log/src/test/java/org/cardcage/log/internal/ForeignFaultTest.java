package org.cardcage.log.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

class ForeignFaultTest {

    private static final String PLACE = "bundle org.example:1.0.0 (22)[org.example.Driver(10)] : ";

    /** As a driver that the component runtime makes. */
    public static final class Broken {
        public Broken() {
            throw new IllegalStateException("no card");
        }
    }

    @Test
    void theCauseStandsInTheLineAndNotWhatIsAroundIt() {
        Throwable fault = new RuntimeException("outer", new IllegalArgumentException("inner"));

        assertThat(ForeignFault.line(PLACE + "cannot\n be made", fault))
                .isEqualTo("cannot be made: java.lang.IllegalArgumentException: inner");
        assertThat(ForeignFault.line("without a place", fault))
                .isEqualTo("without a place: java.lang.IllegalArgumentException: inner");
    }

    @Test
    void onlyTheModulesOwnFramesAreShown() {
        Throwable fault = catchThrowable(() -> Broken.class.getConstructor().newInstance());

        assertThat(ForeignFault.frames(fault))
                .startsWith("\n        at ")
                .contains("Broken.<init>")
                .hasLineCount(2)
                .doesNotContain("reflect");
    }

    @Test
    void aServiceWhoseComponentHasFailedIsAnEcho() {
        assertThat(ForeignFault.isEcho(new RuntimeException(
                        "org.osgi.framework.ServiceException: Service factory returned null. (Component: x)")))
                .isTrue();
        assertThat(ForeignFault.isEcho(new RuntimeException("something else"))).isFalse();
    }
}
