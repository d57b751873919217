package org.cardcage.kmod.internal.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.File;
import java.nio.file.Path;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.cardcage.kernel.Kernel;
import org.cardcage.kmod.internal.KmodService;
import org.cardcage.kmod.internal.TestFiles;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployInstallerTest {

    @TempDir
    Path folder;

    private final Kernel kernel = new Kernel(new KernelLog(), new SteppedScheduler());
    private ArtifactInstaller installer;

    @BeforeEach
    void make() {
        KmodService kmod = new KmodService(kernel, new TestFiles().calls(), null, "1.0");
        installer = new DeployInstaller(kmod.deployFolder(folder));
    }

    @Test
    void eachJarOfTheFolderIsClaimedThoughItMayBeNoModule() {
        assertThat(installer.canHandle(folder.resolve("any.jar").toFile())).isTrue();
        assertThat(installer.canHandle(new File("/elsewhere/any.jar"))).isFalse();
    }

    @Test
    void nothingIsThrownAtFileInstall() {
        File broken = new File("no\0name.jar");
        assertThat(installer.canHandle(broken)).isTrue();
        assertThatCode(() -> installer.install(broken)).doesNotThrowAnyException();
        assertThatCode(() -> installer.update(broken)).doesNotThrowAnyException();
        assertThatCode(() -> installer.uninstall(broken)).doesNotThrowAnyException();
        assertThatCode(() -> installer.install(null)).doesNotThrowAnyException();
    }
}
