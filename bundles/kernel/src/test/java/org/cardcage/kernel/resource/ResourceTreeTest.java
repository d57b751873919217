package org.cardcage.kernel.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.machine.AddressRange;
import org.junit.jupiter.api.Test;

class ResourceTreeTest {

    private final ResourceTree memory = new ResourceTree("PCI mem", -1);

    private static AddressRange range(long start, long last) {
        return new AddressRange(start, last - start + 1);
    }

    private static void assertBusy(String owner, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(KernelException.class, e -> {
            assertThat(e.errno()).isEqualTo(Errno.EBUSY);
            assertThat(e).hasMessageContaining(owner);
        });
    }

    @Test
    void printsRegionsInTheirOrderAndIndented() {
        Region bus = memory.root().claim(range(0x1000_0000, 0xfebf_ffffL), "PCI Bus 0000:00");
        bus.claim(range(0xfeb0_0000L, 0xfeb0_0fffL), "0000:00:05.0");
        bus.claim(range(0xfea0_0000L, 0xfeaf_ffffL), "0000:00:04.0");
        memory.root().claim(range(0, 0x9ffff), "System RAM");
        memory.root().claim(range(0x1_0000_0000L, 0x8_ffff_ffffL), "PCI Bus 0000:00");
        memory.request(range(0xfea0_0000L, 0xfeaf_ffffL), "edu");
        assertThat(memory.describe()).isEqualTo("""
                        00000000-0009ffff : System RAM
                        10000000-febfffff : PCI Bus 0000:00
                          fea00000-feafffff : 0000:00:04.0
                            fea00000-feafffff : edu
                          feb00000-feb00fff : 0000:00:05.0
                        100000000-8ffffffff : PCI Bus 0000:00
                        """);
    }

    @Test
    void portsAreShownWithFourDigitsAndNoMoreThanFiveLevelsAreIndented() {
        ResourceTree ports = new ResourceTree("PCI IO", 0xffff);
        Region region = ports.root();
        for (int level = 0; level < 7; level++) {
            region = region.claim(range(0xc000, 0xcfff), "level" + level);
        }
        assertThat(ports.describe())
                .startsWith("c000-cfff : level0\n  c000-cfff : level1\n")
                .endsWith("          c000-cfff : level5\n          c000-cfff : level6\n");
    }

    @Test
    void aRegionOfADriverIsBusyForEverybodyElseAndNamesItsOwner() {
        memory.root().claim(range(0x1000, 0x1fff), "card");
        memory.request(range(0x1000, 0x10ff), "first");
        assertBusy("first", () -> memory.request(range(0x1080, 0x11ff), "second"));
        assertBusy("first", () -> memory.request(range(0x1000, 0x10ff), "first"));
        assertThat(memory.request(range(0x1100, 0x11ff), "second").isBusy()).isTrue();
    }

    @Test
    void aRangeThatStandsOutOfARegionIsBusy() {
        memory.root().claim(range(0x1000, 0x1fff), "card");
        assertBusy("card", () -> memory.request(range(0x1f00, 0x20ff), "driver"));
        assertBusy("card", () -> memory.root().claim(range(0x0, 0x2fff), "other"));
        Region bus = memory.root().claim(range(0x4000, 0x4fff), "bus");
        assertBusy("bus", () -> bus.claim(range(0x4800, 0x50ff), "other"));
    }

    @Test
    void whatIsReleasedIsFreeAgainAndWhatWasInsideFallsToTheParent() {
        Region bus = memory.root().claim(range(0x4000, 0x4fff), "bus");
        bus.claim(range(0x4000, 0x40ff), "card");
        bus.release();
        bus.release();
        assertThat(memory.describe()).isEqualTo("00004000-000040ff : card\n");
        assertThat(memory.root().claim(range(0x4100, 0x4fff), "again").isBusy()).isFalse();
    }

    @Test
    void aRegionGrowsAndShrinksButNeverBelowWhatIsInsideOrIntoItsNeighbour() {
        Region bus = memory.root().claim(range(0x4000, 0x4fff), "bus");
        bus.claim(range(0x4800, 0x48ff), "card");
        memory.root().claim(range(0x6000, 0x6fff), "neighbour");
        bus.place(memory.root(), range(0x3000, 0x5fff));
        assertThat(bus).hasToString("0x00003000-0x00005fff");
        assertBusy("neighbour", () -> bus.place(memory.root(), range(0x3000, 0x6000)));
        assertBusy("bus", () -> bus.place(memory.root(), range(0x3000, 0x487f)));
        bus.place(memory.root(), range(0x4800, 0x48ff));
        assertThat(memory.describe()).startsWith("00004800-000048ff : bus\n  00004800-000048ff : card\n");
    }

    @Test
    void twoRegionsChangePlacesWithAllThatIsInsideOnceBothHaveMadeWay() {
        Region first = memory.root().claim(range(0x4000, 0x4fff), "first");
        Region second = memory.root().claim(range(0x6000, 0x6fff), "second");
        assertBusy("second", () -> first.place(memory.root(), range(0x6000, 0x6fff)));
        first.lift();
        first.lift();
        second.lift();
        assertThat(memory.describe()).isEmpty();
        first.place(memory.root(), range(0x6000, 0x6fff));
        first.claim(range(0x6000, 0x60ff), "inside");
        second.place(memory.root(), range(0x4000, 0x4fff));
        assertThat(memory.describe())
                .isEqualTo("00004000-00004fff : second\n00006000-00006fff : first\n  00006000-000060ff : inside\n");
    }

    @Test
    void addressesAreUnsigned() {
        Region top = memory.root().claim(range(0xffff_ffff_0000_0000L, -1), "top");
        top.claim(range(0xffff_ffff_ffff_0000L, -1), "last");
        assertBusy("last", () -> memory.request(range(0xffff_ffff_fffe_0000L, 0xffff_ffff_ffff_0fffL), "driver"));
    }
}
