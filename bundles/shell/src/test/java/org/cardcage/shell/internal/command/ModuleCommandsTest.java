package org.cardcage.shell.internal.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cardcage.kernel.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words are those that kmod 30 was recorded with. */
class ModuleCommandsTest {

    private final FakeKmod kmod = new FakeKmod();
    private final FakeTree tree = new FakeTree();
    private final Command insmod = new ModuleCommands.Insmod(kmod, tree);
    private final Command rmmod = new ModuleCommands.Rmmod(kmod);
    private final Command lsmod = new ModuleCommands.Lsmod(kmod);
    private final Command modprobe = new Modprobe(kmod, tree);

    private static Run fails(String words) {
        return new Run(1, "", words + "\n");
    }

    @Test
    void insmodNamesWhatIsNoFile() {
        assertThat(Run.of(insmod)).isEqualTo(fails("insmod: ERROR: missing filename."));
        assertThat(Run.of(insmod, "/root/nofile.ko"))
                .isEqualTo(fails("insmod: ERROR: could not load module /root/nofile.ko: No such file or directory"));
        assertThat(Run.of(insmod, "nosuch"))
                .isEqualTo(fails("insmod: ERROR: could not load module nosuch: No such file or directory"));
    }

    @ParameterizedTest
    @CsvSource({
        "ENOEXEC, Invalid module format",
        "ENOENT, Unknown symbol in module",
        "EINVAL, Invalid parameters",
        "ERANGE, Numerical result out of range",
        "EPERM, Operation not permitted",
        "EEXIST, File exists",
        "EISDIR, Is a directory"
    })
    void insmodSaysWhyTheKernelRefuses(Errno errno, String words) {
        tree.file("/edu.jar", new byte[1]);
        kmod.failure = errno;

        assertThat(Run.of(insmod, "/edu.jar"))
                .isEqualTo(fails("insmod: ERROR: could not insert module /edu.jar: " + words));
    }

    @Test
    void insmodFindsAShippedModuleByName() {
        assertThat(Run.of(insmod, "edu", "read_mode=1", "label=\"two words\"")).isEqualTo(new Run(0, "", ""));

        assertThat(kmod.loaded).containsExactly("edu");
        assertThat(kmod.parameters).containsExactly("read_mode=1", "label=two words");
    }

    @Test
    void insmodTakesAUrlAndSaysIfNothingIsThere() {
        assertThat(Run.of(insmod, "file:///edu.jar")).isEqualTo(new Run(0, "", ""));
        assertThat(kmod.loaded).containsExactly("edu");
        assertThat(Run.of(insmod, "file:///nothing.jar"))
                .isEqualTo(
                        fails("insmod: ERROR: could not load module file:///nothing.jar: No such file or directory"));
    }

    @Test
    void parametersAreSplitAtBlanksAsTheKernelDoes() {
        assertThat(ModuleParameterWords.split(List.of("a=1", "label=two words")))
                .containsExactly("a=1", "label=two", "words");
    }

    @Test
    void rmmodNamesWhatIsNotLoadedOrInUse() {
        assertThat(Run.of(rmmod)).isEqualTo(fails("rmmod: ERROR: missing module name."));
        assertThat(Run.of(rmmod, "nosuch")).isEqualTo(fails("rmmod: ERROR: Module nosuch is not currently loaded"));
        kmod.loaded.add("edu");
        kmod.openFiles = 2;
        assertThat(Run.of(rmmod, "edu")).isEqualTo(fails("rmmod: ERROR: Module edu is in use"));
        kmod.loaded.add(0, "edudep");
        assertThat(Run.of(rmmod, "edu", "edudep")).isEqualTo(fails("rmmod: ERROR: Module edu is in use by: edudep"));
        assertThat(kmod.loaded).containsExactly("edu");
        assertThat(Run.of(rmmod, "-f", "/root/edu.ko").status()).isZero();
        assertThat(kmod.loaded).isEmpty();
    }

    @Test
    void lsmodListsUsers() {
        kmod.loaded.addAll(List.of("edudep", "edu"));

        assertThat(Run.of(lsmod).text()).isEqualTo("""
                        Module                  Size  Used by
                        edudep                 20480  0
                        edu                    20480  1 edudep
                        """);
    }

    @Test
    void modprobeNamesWhatItCannotFind() {
        assertThat(Run.of(modprobe)).isEqualTo(fails("modprobe: ERROR: missing parameters. See -h."));
        for (String word : List.of("nosuch", "/root/edu.ko", "edu.ko", "pci:v0000FFFFd0000FFFF")) {
            assertThat(Run.of(modprobe, word))
                    .isEqualTo(fails("modprobe: FATAL: Module " + word + " not found in directory /lib/modules/1.0"));
        }
        assertThat(Run.of(modprobe, "-r", "nosuch")).isEqualTo(fails("modprobe: FATAL: Module nosuch not found."));
    }

    @Test
    void modprobeLoadsAndUnloadsWhatIsNeededToo() {
        assertThat(Run.of(modprobe, "-v", "edudep").text())
                .isEqualTo("insmod /lib/modules/1.0/edu.jar \ninsmod /lib/modules/1.0/edudep.jar \n");
        assertThat(Run.of(modprobe, "edudep")).isEqualTo(new Run(0, "", ""));
        assertThat(Run.of(modprobe, "--first-time", "edu"))
                .isEqualTo(fails("modprobe: ERROR: could not insert 'edu': Module already in kernel"));
        assertThat(Run.of(modprobe, "-r", "edu")).isEqualTo(fails("modprobe: FATAL: Module edu is in use."));
        assertThat(Run.of(modprobe, "-v", "-r", "edudep").text()).isEqualTo("rmmod edudep\nrmmod edu\n");
        assertThat(Run.of(modprobe, "-r", "edu")).isEqualTo(new Run(0, "", ""));
    }

    @Test
    void modprobeFindsTheModuleOfAModalias() {
        assertThat(Run.of(modprobe, "pci:v00001234d000011E8sv00001AF4").status())
                .isZero();
        assertThat(kmod.loaded).containsExactly("edu");
    }

    @Test
    void modprobeTellsTheKernelsErrno() {
        kmod.failure = Errno.EINVAL;

        assertThat(Run.of(modprobe, "edu", "read_mode=abc"))
                .isEqualTo(fails("modprobe: ERROR: could not insert 'edu': Invalid argument"));
    }
}
