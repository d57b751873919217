package org.cardcage.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.cardcage.launcher.bundles.ExitsWithSeven;
import org.cardcage.launcher.bundles.Hangs;
import org.cardcage.launcher.bundles.NeedsConfiguration;
import org.cardcage.launcher.bundles.StopsTheFramework;
import org.cardcage.launcher.bundles.Throws;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.feature.FeatureConfiguration;

@Timeout(60)
class BootTest {
    private final ClassLoader contextClassLoader = Thread.currentThread().getContextClassLoader();
    private final TestDistribution system = new TestDistribution();

    @TempDir
    private Path folder;

    @AfterEach
    void restore() {
        Thread.currentThread().setContextClassLoader(contextClassLoader);
    }

    private int boot(Duration patience, Collection<FeatureConfiguration> configurations, String... wrong)
            throws Exception {
        List<String> complaints = List.of(wrong);
        Map<String, String> settings = Map.of("org.osgi.framework.storage", folder.toString(), "felix.log.level", "0");
        try (Boot boot = new Boot(system, settings, patience)) {
            boot.init();
            return boot.run(
                    new Plan(Options.Profile.FULL, system.feature(), "test", configurations, List.of(), complaints));
        }
    }

    private int boot() throws Exception {
        return boot(Duration.ofSeconds(30), List.of());
    }

    @Test
    void theFirstBundleThatLeavesSetsTheStatus() throws Exception {
        system.bundle("leaves", 3, ExitsWithSeven.class);

        assertThat(boot()).isEqualTo(7);
    }

    @Test
    void aFrameworkThatIsStoppedWithoutAStatusEndsWell() throws Exception {
        system.bundle("stops", 1, StopsTheFramework.class);

        assertThat(boot()).isZero();
    }

    @Test
    void everyBundleThatDoesNotStartIsNamedWithItsReason() throws Exception {
        system.bundle("org.bad", 2, Throws.class)
                .bundle("org.alone", 2, null, "Import-Package", "org.nowhere")
                .bundle("org.fine", 2, null);

        assertThatThrownBy(this::boot)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("org.bad: java.lang.IllegalStateException: no hardware")
                .hasMessageContaining("at " + Throws.class.getName())
                .hasMessageContaining("org.alone: Unable to resolve")
                .hasMessageContaining("org.nowhere")
                .hasMessageNotContaining("org.fine");
    }

    @Test
    void aBundleOfTheFirstLevelIsNamedToo() throws Exception {
        system.bundle("org.bad", 1, Throws.class);

        assertThatThrownBy(this::boot).hasMessageContaining("org.bad: java.lang.IllegalStateException: no hardware");
    }

    @Test
    void aBundleThatHangsIsNamed() throws Exception {
        system.bundle("org.stuck", 2, Hangs.class);

        assertThatThrownBy(() -> boot(Duration.ofSeconds(1), List.of()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("org.stuck: is still starting");
    }

    @Test
    void aJarThatIsMissingIsNamed() throws Exception {
        system.bundle("gone", 1, null);
        Map<String, String> settings = Map.of("org.osgi.framework.storage", folder.toString());

        try (Boot boot = new Boot(new TestDistribution(), settings, Duration.ofSeconds(9))) {
            boot.init();
            assertThatThrownBy(() -> boot.run(
                            new Plan(Options.Profile.FULL, system.feature(), "test", List.of(), List.of(), List.of())))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("bundle test:gone:1 cannot be installed");
        }
    }

    @Test
    void aFragmentNeedsNoStart() throws Exception {
        system.bundle("host", 1, ExitsWithSeven.class).bundle("part", 1, null, "Fragment-Host", "host");

        assertThat(boot()).isEqualTo(7);
    }

    @Test
    void configurationsAreThereBeforeTheirBundles() throws Exception {
        system.library("org.apache.felix.configadmin", 2)
                .library("org.osgi.util.function", 2)
                .bundle("reads", 3, NeedsConfiguration.class)
                .describing("reads", METATYPE)
                .bundle("leaves", 4, ExitsWithSeven.class);

        assertThat(boot(Duration.ofSeconds(30), configurations())).isEqualTo(7);
    }

    @Test
    void aWrongConfigurationIsRefusedBeforeAnythingHasStarted() throws Exception {
        system.bundle("throws", 1, Throws.class).describing("throws", METATYPE);
        String text = """
                { "id": "test:board:1", "configurations": {
                  "board": { "size": "big", "sice:Integer": 7, "colour": "red" },
                  "bord": {},
                  "card": { "slot": "00:04.0" },
                  "card~two": { "size": 9 } } }
                """;

        assertThatThrownBy(() -> boot(Duration.ofSeconds(30), configurations(text), "card~three: slot is no place"))
                .isInstanceOf(StartException.class)
                .hasMessage("""
                        board test is wrong:
                            board: size is "big"; it must be a whole number from 1 to 8
                            board: unknown key "sice"; known are size, colour
                            board: colour is "red"; it must be one of blue, green
                            bord: there is nothing of this name to configure; there is board, card~NAME
                            card: there is nothing of this name to configure; there is board, card~NAME
                            card~two: unknown key "size"; known are slot
                            card~two: slot is missing: where it goes
                            card~three: slot is no place""");
    }

    @Test
    void aComponentThatDescribesNothingTakesAnyKey() throws Exception {
        String component = """
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="a name" configuration-pid="board card"/>
                """;
        system.bundle("throws", 1, Throws.class).file("throws", "OSGI-INF/component.xml", component);

        assertThatThrownBy(() -> boot(Duration.ofSeconds(30), configurations())).hasMessageContaining("no hardware");
    }

    @Test
    void configurationsNeedAnAdmin() throws Exception {
        system.bundle("leaves", 1, ExitsWithSeven.class).describing("leaves", METATYPE);

        assertThatThrownBy(() -> boot(Duration.ofSeconds(30), configurations()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("no Configuration Admin");
    }

    private static final String METATYPE = """
            <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.2.0">
              <OCD id="B">
                <AD id="size" type="Integer" min="1" max="8" default="1"/>
                <AD id="colour" type="String" default="blue"><Option value="blue"/><Option value="green"/></AD>
              </OCD>
              <OCD id="C"><AD id="slot" type="String" description="where it goes"/></OCD>
              <Designate pid="board"><Object ocdref="B"/></Designate>
              <Designate factoryPid="card"><Object ocdref="C"/></Designate>
            </metatype:MetaData>
            """;

    private static Collection<FeatureConfiguration> configurations() throws Exception {
        return configurations("""
                { "id": "test:board:1",
                  "configurations": { "board": { "size:Integer": 7 }, "card~one": { "slot": "00:04.0" } } }
                """);
    }

    private static Collection<FeatureConfiguration> configurations(String text) throws Exception {
        return new FeatureServiceImpl()
                .readFeature(new StringReader(text))
                .getConfigurations()
                .values();
    }
}
