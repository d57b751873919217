package org.cardcage.kmod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.junit.jupiter.api.Test;

class ModuleFileTest {

    private static void assertRefused(byte[] content, Errno errno, String words) {
        assertThatThrownBy(() -> ModuleFile.read(content))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(errno))
                .hasMessageContaining(words);
    }

    @Test
    void everythingComesOutOfTheManifest() {
        ModuleFile file = ModuleFile.read(TestJar.withManifest(
                        "Bundle-Version: 1.2.3",
                        "Provide-Capability: cardcage.module;cardcage.module=edu;description=\"a, b\";license=MIT,",
                        " cardcage.module.parameter;cardcage.module.parameter=depth;type=int;value=3;description=d,",
                        " cardcage.pci.id;vendor:Long=4660;device:Long=4584,",
                        " cardcage.symbol;cardcage.symbol=edu_count,osgi.service;objectClass=x",
                        "Require-Capability: osgi.ee;filter:=\"(osgi.ee=JavaSE)\",",
                        " cardcage.symbol;filter:=\"(cardcage.symbol=board_reset)\"")
                .bytes());
        assertThat(file.name()).isEqualTo("edu");
        assertThat(file.description()).isEqualTo("a, b");
        assertThat(file.license()).isEqualTo("MIT");
        assertThat(file.version()).isEqualTo("1.2.3");
        assertThat(file.parameters()).containsExactly(new ModuleFile.Parameter("depth", "int", "3", "d"));
        assertThat(file.aliases()).containsExactly("pci:v00001234d000011E8sv*sd*bc*sc*i*");
        assertThat(file.symbols()).containsExactly("edu_count");
        assertThat(file.needs()).containsExactly("board_reset");
        assertThat(file.defaults().intValue("depth")).isEqualTo(3);
    }

    @Test
    void aDashInTheNameIsAnUnderscore() {
        assertThat(ModuleFile.read(TestJar.module("edu-dep").bytes()).name()).isEqualTo("edu_dep");
    }

    @Test
    void anEmptyFileIsInvalid() {
        assertRefused(new byte[0], Errno.EINVAL, "empty");
    }

    @Test
    void garbageIsNoModule() {
        assertRefused("garbage\n".getBytes(StandardCharsets.US_ASCII), Errno.ENOEXEC, "no archive");
        assertRefused(new byte[30], Errno.ENOEXEC, "no archive");
    }

    @Test
    void everyTruncationOfAModuleIsNoModule() {
        byte[] whole = TestJar.module("edu").with("more", "text").bytes();
        for (int length = 1; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), Errno.ENOEXEC, "not a module");
        }
        assertThat(ModuleFile.read(whole).name()).isEqualTo("edu");
    }

    @Test
    void aDamagedArchiveIsNoModule() {
        byte[] content = TestJar.module("edu").bytes();
        Arrays.fill(content, 40, 90, (byte) 0xff);
        assertRefused(content, Errno.ENOEXEC, "not a module");
    }

    @Test
    void anArchiveWithoutManifestOrCapabilityIsNoModule() {
        assertRefused(new TestJar().with("a", "b").bytes(), Errno.ENOEXEC, "no manifest");
        assertRefused(TestJar.withManifest("Bundle-Version: 1").bytes(), Errno.ENOEXEC, "has 0 cardcage.module");
    }

    @Test
    void twoModulesInOneBundleAreNoModule() {
        assertRefused(
                TestJar.module("a,cardcage.module;cardcage.module=b").bytes(), Errno.ENOEXEC, "has 2 cardcage.module");
    }

    @Test
    void aModuleNeedsAName() {
        assertRefused(TestJar.module("\"a b\"").bytes(), Errno.ENOEXEC, "'a b' is no module name");
        assertRefused(TestJar.module("").bytes(), Errno.ENOEXEC, "'' is no module name");
    }

    @Test
    void aParameterWhoseFirstValueIsNoneOfItsTypeIsNoModule() {
        assertRefused(
                TestJar.module("a,cardcage.module.parameter;cardcage.module.parameter=p;type=int;value=x")
                        .bytes(),
                Errno.ENOEXEC,
                "`x' invalid for parameter `p'");
        assertRefused(
                TestJar.module("a,cardcage.module.parameter;cardcage.module.parameter=p;type=long;value=1")
                        .bytes(),
                Errno.ENOEXEC,
                "type 'long'");
    }
}
