package org.cardcage.qemu.internal.osgi;

import java.io.IOException;
import org.cardcage.qemu.internal.QemuProgram;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/** Looks for QEMU. Without one the bundle does not start, so that whoever starts the system can say why. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class QemuActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) throws BundleException {
        try {
            context.registerService(QemuProgram.class, QemuProgram.find(System.getenv()), null);
        } catch (IOException e) {
            // without the cause, whose stack tells nothing to somebody who lacks a program
            throw new BundleException(e.getMessage(), BundleException.ACTIVATOR_ERROR);
        }
    }

    @Override
    public void stop(BundleContext context) {
        // the framework takes the service back
    }
}
