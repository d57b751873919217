package org.cardcage.kmod;

import static org.assertj.core.api.Assertions.assertThat;

import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines were recorded on Linux 6.1 with kmod 30. */
class KmodMessagesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ENOEXEC    | Invalid module format
            EINVAL     | Invalid parameters
            ENOENT     | Unknown symbol in module
            EISDIR     | Is a directory
            EPERM      | Operation not permitted
            ERANGE     | Numerical result out of range
            EEXIST     | File exists
            EIO        | Input/output error
            EAGAIN     | Resource temporarily unavailable
            EOPNOTSUPP | Operation not supported
            """)
    void insmodHasWordsOfItsOwnForSomeErrors(Errno errno, String text) {
        assertThat(KmodMessages.insmod("/root/edu.ko", errno))
                .isEqualTo("insmod: ERROR: could not insert module /root/edu.ko: " + text);
    }

    @Test
    void insmodSaysThatThereIsNoFile() {
        assertThat(KmodMessages.insmodNoFile("edu", Errno.ENOENT))
                .isEqualTo("insmod: ERROR: could not load module edu: No such file or directory");
    }

    @Test
    void rmmodSaysWhyNot() {
        assertThat(KmodMessages.rmmod(
                        "nosuch", new KernelException(Errno.ENOENT, "Module nosuch is not currently loaded")))
                .containsExactly("rmmod: ERROR: Module nosuch is not currently loaded");
        assertThat(KmodMessages.rmmod("edu", new KernelException(Errno.EAGAIN, "Module edu is in use by: edudep")))
                .containsExactly("rmmod: ERROR: Module edu is in use by: edudep");
        assertThat(KmodMessages.rmmod("edu", new KernelException(Errno.EPERM, "only root")))
                .containsExactly(
                        "rmmod: ERROR: could not remove 'edu': Operation not permitted",
                        "rmmod: ERROR: could not remove module edu: Operation not permitted");
    }

    @Test
    void modprobeTellsWhatIsNotFoundFromWhatDoesNotLoad() {
        assertThat(KmodMessages.modprobe(
                        "nosuch",
                        new KernelException(Errno.ENOENT, "Module nosuch not found in directory /lib/modules/1")))
                .isEqualTo("modprobe: FATAL: Module nosuch not found in directory /lib/modules/1");
        assertThat(KmodMessages.modprobe("edu", new KernelException(Errno.EINVAL, "`abc' invalid")))
                .isEqualTo("modprobe: ERROR: could not insert 'edu': Invalid argument");
        assertThat(KmodMessages.modprobe("edu", new KernelException(Errno.EEXIST, "loaded already")))
                .isEqualTo("modprobe: ERROR: could not insert 'edu': Module already in kernel");
        assertThat(KmodMessages.modprobe("edu", new KernelException(Errno.ENOENT, "Unknown symbol x")))
                .startsWith("modprobe: ERROR: could not insert 'edu': Unknown symbol in module");
    }
}
