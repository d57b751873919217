package org.cardcage.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.inject.Inject;
import org.cardcage.pci.PciDevice;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.OpenFile;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;

/**
 * Whoever is inside a driver and asks for its removal would wait for himself: EDEADLK, at once, and all stays as it was. What
 * cannot be refused, stopping the bundle and pulling the card, does not wait for him, and takes place when he has left.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SelfRemovalIT {
    private static final String SLOT = "0000:00:04.0";

    /** Of the calls of one program, in their order. */
    private static final List<String> IN_CALLS = List.of("open", "read", "write", "ioctl", "irq", "release");

    /** Longer than any patience of this test, so that who waits for himself is found out. */
    private static final long TIMEOUT_MILLIS = 120_000;

    @Inject
    private BundleContext context;

    private Rig rig;
    private Puppet puppet;
    private Configuration inSlot;
    private PciDevice card;

    @org.ops4j.pax.exam.Configuration
    public Option[] configuration() throws Exception {
        return new Option[] {
            CardcageSystem.system(),
            CoreOptions.systemProperty("cardcage.test.module").value(BuiltModule.of("puppet"))
        };
    }

    @Before
    public void setUp() throws Exception {
        rig = new Rig(context);
        rig.removeTimeout(TIMEOUT_MILLIS);
        rig.board();
        inSlot = rig.card(SLOT);
        card = rig.device(SLOT);
        puppet = new Puppet(rig, context);
    }

    @After
    public void tearDown() throws Exception {
        rig.clear();
        Bundle left = bundle();
        if (left != null) {
            left.uninstall();
        }
        puppet.close();
    }

    private void insmod() {
        rig.insmod(System.getProperty("cardcage.test.module"));
    }

    private Bundle bundle() {
        return context.getBundle("module:puppet");
    }

    /** Ways out that are refused. */
    private Map<String, Caller.Call> removals() {
        Map<String, Caller.Call> all = new LinkedHashMap<>();
        all.put("rmmod", () -> rig.rmmod("puppet"));
        all.put("rmmod -f", () -> rig.kmod.rmmod(Credentials.ROOT, "puppet", true));
        all.put("unbind", () -> rig.bus.unbind(card, "puppet"));
        return all;
    }

    @Test
    public void aCallOrHandlerThatRemovesItsOwnDriverIsTold() throws Exception {
        insmod();
        for (Map.Entry<String, Caller.Call> removal : removals().entrySet()) {
            for (String place : IN_CALLS) {
                CompletableFuture<String> outcome = puppet.during(place, removal.getValue());
                puppet.useFile();
                assertEquals(removal.getKey() + " in " + place, "EDEADLK", Puppet.end(outcome));
            }
        }
        assertEquals("puppet", Rig.driver(card));
        puppet.useFile();
        rig.rmmod("puppet");
    }

    @Test
    public void aProbeThatRemovesItsOwnDriverIsToldAndMayEndWell() throws Exception {
        for (Map.Entry<String, Caller.Call> removal : removals().entrySet()) {
            CompletableFuture<String> outcome = puppet.during("probe", removal.getValue());
            insmod();
            assertEquals(removal.getKey(), "EDEADLK", Puppet.end(outcome));
            assertEquals("puppet", Rig.driver(card));
            rig.rmmod("puppet");
        }
    }

    @Test
    public void aDriverThatUnloadsItsModuleWhileItIsMadeIsTold() throws Exception {
        for (String way : List.of("rmmod", "rmmod -f")) {
            CompletableFuture<String> outcome = puppet.during("init", removals().get(way));
            insmod();
            assertEquals(way, "EDEADLK", Puppet.end(outcome));
            rig.rmmod("puppet");
        }
    }

    @Test
    public void aRemoveThatRemovesItsOwnDriverIsTold() throws Exception {
        for (String way : List.of("rmmod", "rmmod -f")) {
            insmod();
            CompletableFuture<String> outcome =
                    puppet.during("remove", removals().get(way));
            rig.rmmod("puppet");
            assertEquals(way, "EDEADLK", Puppet.end(outcome));
            assertEquals("", Rig.driver(card));
        }
    }

    @Test
    public void aRemoveOfOneDeviceThatAsksForMoreIsTold() throws Exception {
        for (Map.Entry<String, Caller.Call> removal : removals().entrySet()) {
            insmod();
            CompletableFuture<String> outcome = puppet.during("remove", removal.getValue());
            rig.bus.unbind(card, "puppet");
            assertEquals(removal.getKey(), "EDEADLK", Puppet.end(outcome));
            assertEquals("", Rig.driver(card));
            rig.rmmod("puppet");
        }
    }

    @Test
    public void aDriverThatLoadsItsOwnModuleIsTold() throws Exception {
        for (String place : List.of("init", "probe")) {
            CompletableFuture<String> outcome = puppet.during(place, this::insmod);
            insmod();
            assertEquals(place, "EDEADLK", Puppet.end(outcome));
            rig.rmmod("puppet");
        }
    }

    @Test
    public void aBundleStoppedFromInsideACallOrHandlerDoesNotWaitForIt() throws Exception {
        for (String place : IN_CALLS) {
            insmod();
            Bundle bundle = bundle();
            CompletableFuture<String> outcome = puppet.during(place, bundle::stop);
            Caller.outcomeOf(puppet::useFile);
            assertEquals(place, "ok", Puppet.end(outcome));
            assertGone(place);
        }
    }

    @Test
    public void aBundleStoppedFromItsOwnProbeDoesNotWaitForIt() throws Exception {
        CompletableFuture<String> outcome = puppet.during("probe", () -> bundle().stop());

        assertEquals("ENODEV", Caller.outcomeOf(this::insmod));

        assertEquals("ok", Puppet.end(outcome));
        assertGone("probe");
    }

    @Test
    public void aBundleStoppedFromItsOwnRemoveDoesNotWaitForIt() throws Exception {
        insmod();
        CompletableFuture<String> outcome = puppet.during("remove", () -> bundle().stop());

        rig.bus.unbind(card, "puppet");

        assertEquals("ok", Puppet.end(outcome));
        assertGone("remove");
    }

    private void assertGone(String place) {
        Rig.await(
                "the driver to leave after " + place,
                () -> Rig.driver(card).isEmpty() && rig.kmod.loaded().isEmpty());
        assertFalse(place, rig.exists(Puppet.NODE));
    }

    @Test
    public void aCallThatPullsItsOwnCardEndsWithEnodev() throws Exception {
        insmod();
        try (OpenFile file = puppet.open()) {
            CompletableFuture<String> pulled = puppet.during("ioctl", () -> rig.pull(inSlot));

            assertEquals("ENODEV", Caller.outcomeOf(() -> Puppet.ioctl(file, Puppet.SLEEP)));

            assertEquals("ok", Puppet.end(pulled));
            Rig.await("the driver to leave", () -> Rig.driver(card).isEmpty());
        }
        assertTrue(rig.bus.devices().stream().noneMatch(device -> device == card));
        rig.rmmod("puppet");
    }
}
