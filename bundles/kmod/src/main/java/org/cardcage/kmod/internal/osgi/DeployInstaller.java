package org.cardcage.kmod.internal.osgi;

import java.io.File;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.cardcage.kmod.internal.DeployFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the deploy folder what FileInstall sees in it.
 *
 * <p>Threads: FileInstall's own, under a lock that its bundle wants in order to stop; nothing here waits. It drops the rest of
 * its round if something is thrown here, so nothing is.
 */
final class DeployInstaller implements ArtifactInstaller {

    private static final Logger LOG = LoggerFactory.getLogger(DeployFolder.class);

    private final DeployFolder folder;

    DeployInstaller(DeployFolder folder) {
        this.folder = folder;
    }

    /** Claims each file of the folder, also what is no module, since FileInstall would install that as a bundle. */
    @Override
    public boolean canHandle(File file) {
        try {
            return folder.covers(file.toPath());
        } catch (Throwable t) { // see above; what nobody claims would be offered again in each round
            LOG.error("{} is left alone", file, t);
            return true;
        }
    }

    @Override
    public void install(File file) {
        look(file);
    }

    @Override
    public void update(File file) {
        look(file);
    }

    @Override
    public void uninstall(File file) {
        look(file);
    }

    private void look(File file) {
        try {
            folder.look(file.toPath());
        } catch (Throwable t) { // see above
            LOG.error("{} is not looked at", file, t);
        }
    }
}
