package org.cardcage.itests;

import static org.ops4j.pax.exam.CoreOptions.bundle;

import java.util.Arrays;
import org.junit.Assume;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** A QEMU process with two EDU cards, as a machine of the running system. */
final class QemuCards {
    private static final String BUNDLE = "org.cardcage.qemu";

    private QemuCards() {}

    /** The bundle, not started: without QEMU it does not start. */
    static Option installed() {
        return bundle(CardcageSystem.jar(BUNDLE)).startLevel(5).noStart();
    }

    /** Makes the machine and does not wait for it. Without QEMU the test is skipped, with the bundle's words of what to install. */
    static void powerOn(BundleContext context, Rig rig) throws Exception {
        Bundle qemu = Arrays.stream(context.getBundles())
                .filter(b -> BUNDLE.equals(b.getSymbolicName()))
                .findFirst()
                .orElseThrow();
        try {
            qemu.start();
        } catch (BundleException e) {
            if ("1".equals(System.getenv("CARDCAGE_REQUIRE_ORACLES"))) {
                throw e;
            }
            Assume.assumeNoException(e.getMessage(), e);
        }
        rig.qemu("-device", "edu,addr=4", "-device", "edu,addr=5");
    }
}
