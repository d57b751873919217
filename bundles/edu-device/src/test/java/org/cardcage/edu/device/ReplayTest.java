package org.cardcage.edu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A recording that tells something else than what happens is not equal. */
class ReplayTest {

    private static final String[] ON = {
        "{'op':'write','space':'cfg','addr':'0x10','size':4,'val':'0xfe000000'}",
        "{'op':'write','space':'cfg','addr':'0x4','size':2,'val':'0x6'}"
    };
    private static final String[] MESSAGES = {
        "{'op':'write','space':'cfg','addr':'0x44','size':4,'val':'0x200010'}",
        "{'op':'write','space':'cfg','addr':'0x4c','size':2,'val':'0x1234'}",
        "{'op':'write','space':'cfg','addr':'0x42','size':2,'val':'0x1'}"
    };
    private static final String[] TRANSFER = {
        "{'op':'ramwrite','addr':'0x300000','data':'0102030405060708'}",
        "{'op':'write','space':'bar','addr':'0x80','size':8,'val':'0x300000'}",
        "{'op':'write','space':'bar','addr':'0x88','size':8,'val':'0x40000'}",
        "{'op':'write','space':'bar','addr':'0x90','size':8,'val':'0x8'}",
        "{'op':'write','space':'bar','addr':'0x98','size':8,'val':'0x5'}"
    };

    private final List<String> lines = new ArrayList<>();
    private String machine = "'qemu':'11.1.3','machine':'pc'";

    private ReplayTest with(String... more) {
        lines.addAll(List.of(more));
        return this;
    }

    private Optional<String> difference() throws IOException {
        String header = "{'schema':'edu-trace/1','name':'made up'," + machine + ",'dma_mask':'0xfffffff',"
                + "'ram_size':'0x4000000','bar0':'0xfe000000','msi_window':['0x200000','0x1000']}";
        String text = header + "\n" + String.join("\n", lines);
        return new Replay(Trace.read(new StringReader(text.replace('\'', '"')))).run();
    }

    private void assertEqual() throws IOException {
        assertThat(difference()).isEmpty();
    }

    private void assertDiffers(String... words) throws IOException {
        assertThat(difference()).get().asString().contains(words);
    }

    @Test
    void aDifferenceTellsTheOperationBothAnswersAndTheTenOperationsBefore() throws IOException {
        for (int i = 0; i < 12; i++) {
            with("{'op':'note','text':'number " + i + "'}");
        }
        with("{'op':'read','space':'cfg','addr':'0x0','size':4,'val':'0x11e81235'}", "{'op':'note','text':'after'}");

        assertThat(difference())
                .get()
                .asString()
                .contains("made up", "line 14", "recorded: 0x11e81235", "ours: 0x11e81234", "number 2", "number 11")
                .doesNotContain("number 1\"", "after");
    }

    @Test
    void aLevelOfThePinThatIsMissingOrTooMuchIsADifference() throws IOException {
        with(ON).with("{'op':'write','space':'bar','addr':'0x60','size':4,'val':'0x1','irq':[1]}");
        assertEqual();
        with("{'op':'write','space':'bar','addr':'0x64','size':4,'val':'0x1'}");
        assertDiffers("irq recorded: [], ours: [0]");
    }

    @Test
    void aMessageThatIsMissingOrTooMuchIsADifference() throws IOException {
        with(ON).with(MESSAGES)
                .with("{'op':'write','space':'bar','addr':'0x60','size':4,'val':'0x1','msi':[['0x200010','0x1234']]}");
        assertEqual();
        with("{'op':'write','space':'bar','addr':'0x60','size':4,'val':'0x1'}");
        assertDiffers("msi recorded: [], ours: [[\"0x200010\",\"0x1234\"]]");
    }

    @Test
    void aByteOfMemoryThatDiffersIsADifference() throws IOException {
        with("{'op':'ramfill','addr':'0x1000','size':3,'val':'0x5a'}")
                .with("{'op':'ramread','addr':'0xfff','size':5,'data':'005a5a5a00'}");
        assertEqual();
        with("{'op':'ramread','addr':'0x1000','size':2,'data':'5a5b'}");
        assertDiffers("recorded: 5a5b, ours: 5a5a");
    }

    @Test
    void timeThatDiffersIsADifference() throws IOException {
        with("{'op':'step','ns':5,'now':5}");
        assertEqual();
        with("{'op':'step','ns':5,'now':11}");
        assertDiffers("recorded: 11, ours: 10");
    }

    @Test
    void largeNumbersOfTimeMayBeHexadecimalText() throws IOException {
        with("{'op':'step','ns':'0x174876e800','now':100000000000}").assertEqual();
    }

    @Test
    void theNetChangeOfAResetCounts() throws IOException {
        with(ON).with(
                        "{'op':'write','space':'bar','addr':'0x60','size':4,'val':'0x1','irq':[1]}",
                        "{'op':'reset','irq':[0]}");
        assertEqual();
        with("{'op':'reset','irq':[0]}");
        assertDiffers("irq recorded: [0], ours: []");
    }

    @Test
    void eventsOfAComputationAreThoseOfTheOperationThatWaitsForIt() throws IOException {
        with(ON).with(
                        "{'op':'write','space':'bar','addr':'0x20','size':4,'val':'0x80'}",
                        "{'op':'write','space':'bar','addr':'0x8','size':4,'val':'0x5'}",
                        "{'op':'step','ns':500000000,'now':500000000}",
                        "{'op':'read','space':'bar','addr':'0x20','size':4,'val':'0x81'}",
                        "{'op':'write','space':'bar','addr':'0x60','size':4,'val':'0x2'}",
                        "{'op':'write','space':'bar','addr':'0x64','size':4,'val':'0x2'}",
                        "{'op':'settle','val':'0x80','irq':[1,0,1]}",
                        "{'op':'read','space':'bar','addr':'0x8','size':4,'val':'0x78'}");
        assertEqual();
    }

    @Test
    void aTransferIsNotHeldUpByAComputation() throws IOException {
        with(ON).with(TRANSFER)
                .with(
                        "{'op':'write','space':'bar','addr':'0x8','size':4,'val':'0x5'}",
                        "{'op':'step','ns':100000000,'now':100000000}",
                        "{'op':'read','space':'bar','addr':'0x98','size':8,'val':'0x4'}",
                        "{'op':'read','space':'bar','addr':'0x20','size':4,'val':'0x1'}",
                        "{'op':'settle','val':'0x0','irq':[1]}");
        assertEqual();
    }

    @Test
    void whereQemuDiedATransferInRangeIsDoneAndOneOutOfRangeIsDropped() throws IOException {
        with(ON).with(TRANSFER).with("{'op':'step','ns':100000000,'fatal':true,'why':'made up'}");
        assertEqual();
        lines.replaceAll(line -> line.replace("0x40000", "0x40ffc"));
        assertEqual();
    }

    @Test
    void deathWithoutATransferIsADifference() throws IOException {
        with("{'op':'step','ns':100000000,'fatal':true,'why':'made up'}").assertDiffers("no transfer");
    }

    @Test
    void loadsAndStoresOfAGuestAreCutAsItsEmulatorDoes() throws IOException {
        String[] straddling = {
            "{'op':'write','space':'bar','addr':'0x4','size':4,'val':'0x89abcdef'}",
            "{'op':'read','space':'bar','addr':'0x2','size':4,'val':'%s'}",
            "{'op':'read','space':'bar','addr':'0x4','size':8,'val':'%s'}",
            "{'op':'write','space':'bar','addr':'0x5c','size':8,'val':'0xff00000000'}",
            "{'op':'read','space':'bar','addr':'0x24','size':4,'val':'%s'}"
        };
        String[][] recorded = {
            {"'qemu':'7.2.22','via':'tcg'", "0x32100100", "0xffffffffffffffff", "0x0"},
            {"'qemu':'11.1.3','via':'tcg'", "0x0", "0x76543210", "0xff"},
            {"'qemu':'7.2.22','via':'kvm'", "0x0", "0x76543210", "0xff"}
        };
        for (String[] row : recorded) {
            machine = row[0];
            lines.clear();
            with(ON).with(String.join("\n", straddling).formatted(row[1], row[2], row[3]));
            assertEqual();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'op':'explode'}",
                "{'val':'0x1'}",
                "{'op':'read','space':'io','addr':'0x0','size':4,'val':'0x0'}",
                "{'op':'read','space':'bar','addr':'0x0','size':4}",
                "{'op':'write','space':'bar','addr':'zero','size':4,'val':'0x0'}",
                "{'op':'step','ns':1}"
            })
    void whatIsNotOfTheFormatIsRefused(String line) {
        with(line);
        assertThatThrownBy(this::difference)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void anotherFormatIsRefused() {
        StringReader other = new StringReader("{\"schema\":\"edu-trace/2\"}\n");
        assertThatThrownBy(() -> Trace.read(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("edu-trace/1");
    }
}
