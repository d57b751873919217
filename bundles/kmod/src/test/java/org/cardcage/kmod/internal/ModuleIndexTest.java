package org.cardcage.kmod.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.kmod.TestJar;
import org.junit.jupiter.api.Test;

class ModuleIndexTest {

    private static final String ROOT = "/lib/modules/1.0";

    private final TestFiles files = new TestFiles();
    private final List<String> complaints = new ArrayList<>();
    private final ModuleIndex index =
            new ModuleIndex(files.calls(), new ModuleReader(files.calls()), ROOT, complaints::add);

    private static byte[] symbolUser(String name, String symbol) {
        return TestJar.module(name, "Require-Capability: cardcage.symbol;filter:=\"(cardcage.symbol=" + symbol + ")\"")
                .bytes();
    }

    private static byte[] symbolOwner(String name, String symbol) {
        return TestJar.module(name + ",cardcage.symbol;cardcage.symbol=" + symbol)
                .bytes();
    }

    @Test
    void withoutFolderThereIsNothingAndNoComplaint() {
        assertThat(index.modules()).isEmpty();
        assertThat(index.find("edu")).isEmpty();
        assertThat(complaints).isEmpty();
    }

    @Test
    void aModuleIsFoundByItsNameOrThatOfItsFileInAnySubfolder() {
        files.put(
                ROOT + "/extra/org.cardcage.edu-driver.jar",
                TestJar.module("edu_card").bytes());
        for (String name : List.of("edu_card", "edu-card", "org.cardcage.edu-driver", "org.cardcage.edu_driver")) {
            assertThat(index.find(name)).as(name).contains(ROOT + "/extra/org.cardcage.edu-driver.jar");
        }
        assertThat(index.find("card")).isEmpty();
        assertThat(index.find("edu_card.jar")).isEmpty();
    }

    @Test
    void aFileIsReadAgainOnlyIfItHasChanged() {
        files.put(ROOT + "/a.jar", TestJar.module("a").bytes());
        index.modules();
        index.modules();
        assertThat(files.opened()).hasSize(1);
        files.put(ROOT + "/a.jar", TestJar.module("b").bytes());
        assertThat(index.find("b")).isPresent();
        assertThat(index.find("a")).as("still the file's name").isPresent();
        files.delete(ROOT + "/a.jar");
        assertThat(index.modules()).isEmpty();
    }

    @Test
    void whatIsNoModuleIsSaidOnce() {
        files.put(ROOT + "/bad.jar", new byte[] {1, 2, 3});
        files.put(ROOT + "/notes.txt", new byte[] {1});
        index.modules();
        index.modules();
        assertThat(complaints).singleElement().asString().contains("/bad.jar: ENOEXEC");
    }

    @Test
    void devicesFindTheirModules() {
        files.put(
                ROOT + "/edu.jar",
                TestJar.module("edu,cardcage.pci.id;vendor:Long=4660;device:Long=4584")
                        .bytes());
        files.put(
                ROOT + "/any.jar",
                TestJar.module("any,cardcage.pci.id;vendor:Long=4660").bytes());
        files.put(ROOT + "/none.jar", TestJar.module("none").bytes());
        assertThat(index.modulesFor("pci:v00001234d000011E8sv00001AF4sd00001100bc00scFFi00"))
                .containsExactly("any", "edu");
        assertThat(index.modulesFor("pci:v0000FFFFd0000FFFFsv00000000sd00000000bc00sc00i00"))
                .isEmpty();
    }

    @Test
    void whatIsNeededIsLoadedFirst() {
        files.put(ROOT + "/a.jar", symbolUser("a", "of_b"));
        files.put(
                ROOT + "/b.jar",
                TestJar.module(
                                "b,cardcage.symbol;cardcage.symbol=of_b",
                                "Require-Capability: cardcage.symbol;filter:=\"(cardcage.symbol=of_c)\"")
                        .bytes());
        files.put(ROOT + "/c.jar", symbolOwner("c", "of_c"));
        assertThat(index.loadOrder(ROOT + "/a.jar")).containsExactly(ROOT + "/c.jar", ROOT + "/b.jar", ROOT + "/a.jar");
    }

    @Test
    void modulesThatNeedEachOtherDoNotLoop() {
        files.put(
                ROOT + "/a.jar",
                TestJar.module(
                                "a,cardcage.symbol;cardcage.symbol=of_a",
                                "Require-Capability: cardcage.symbol;filter:=\"(cardcage.symbol=of_a)\"")
                        .bytes());
        assertThat(index.loadOrder(ROOT + "/a.jar")).containsExactly(ROOT + "/a.jar");
        files.put(ROOT + "/a.jar", symbolUser("a", "nowhere"));
        assertThat(index.loadOrder(ROOT + "/a.jar")).containsExactly(ROOT + "/a.jar");
    }
}
