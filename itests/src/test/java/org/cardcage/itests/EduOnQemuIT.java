package org.cardcage.itests;

import static org.ops4j.pax.exam.CoreOptions.bundle;

import java.util.Arrays;
import org.junit.Assume;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** On a QEMU process, with QEMU's own card. */
public class EduOnQemuIT extends EduFunctions {
    private static final String BUNDLE = "org.cardcage.qemu";

    @Configuration
    public Option[] configuration() throws Exception {
        return new Option[] {
            system(), bundle(CardcageSystem.jar(BUNDLE)).startLevel(5).noStart()
        };
    }

    @Override
    void machine() throws Exception {
        startBundle();
        rig.qemu("-device", "edu,addr=4", "-device", "edu,addr=5");
    }

    /** Without QEMU the bundle says what to install. */
    private void startBundle() throws BundleException {
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
    }
}
