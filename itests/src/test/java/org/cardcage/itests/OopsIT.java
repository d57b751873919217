package org.cardcage.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.inject.Inject;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.LogRecord;
import org.cardcage.pci.PciDevice;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.OpenFile;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/**
 * A fault of a driver stays with it: it stands in the kernel log with its stack, the module is tainted, the caller gets an
 * errno, everything else goes on and the module can still be unloaded.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class OopsIT {
    private static final String SLOT = "0000:00:04.0";

    @Inject
    private BundleContext context;

    private Rig rig;
    private Puppet puppet;
    private PciDevice card;
    private List<String> before;

    @Configuration
    public Option[] configuration() throws Exception {
        return new Option[] {
            CardcageSystem.system(),
            CoreOptions.systemProperty("cardcage.test.module").value(BuiltModule.of("puppet"))
        };
    }

    @Before
    public void setUp() throws Exception {
        rig = new Rig(context);
        rig.board();
        rig.card(SLOT);
        card = rig.device(SLOT);
        puppet = new Puppet(rig, context);
        before = rig.traces();
    }

    @After
    public void tearDown() throws Exception {
        rig.clear();
        puppet.close();
    }

    private KernelModule insmod() {
        rig.insmod(System.getProperty("cardcage.test.module"));
        return rig.kernel.modules().find("puppet").orElseThrow();
    }

    /** Each place has words of its own, since the log is that of the whole class. */
    private static String words(String place) {
        return "a string of " + place + " has torn";
    }

    private void tear(String place) {
        puppet.fail(place, words(place));
    }

    private void assertOops(KernelModule module, String where, String place, String frame) {
        assertTrue(where, rig.logHas("Oops: " + where + " in module puppet"));
        List<String> lines =
                rig.kernel.log().records().stream().map(LogRecord::text).toList();
        int fault = lines.indexOf("java.lang.IllegalStateException: " + words(place));
        assertTrue("the fault of " + where, fault >= 0);
        assertTrue(
                "the stack of " + where,
                lines.subList(fault, lines.size()).stream().limit(10).anyMatch(line -> line.contains(frame)));
        assertTrue("tainted by " + where, module.isTainted());
    }

    private void unloadLeavesNothing() {
        rig.rmmod("puppet");
        assertEquals(before, rig.traces());
        assertEquals("", Rig.driver(card));
    }

    @Test
    public void inOpen() throws Exception {
        KernelModule module = insmod();
        tear("open");

        assertEquals("EIO", Caller.outcomeOf(puppet::open));

        assertOops(module, "open of /dev/puppet0", "open", "PuppetNode.open");
        assertEquals(0, module.users());
        puppet.useFile();
        unloadLeavesNothing();
    }

    @Test
    public void inRead() throws Exception {
        KernelModule module = insmod();
        try (OpenFile file = puppet.open()) {
            tear("read");
            assertEquals("EIO", Caller.outcomeOf(() -> file.read(ByteBuffer.allocate(1))));
            assertEquals("the same file goes on", 0, file.read(ByteBuffer.allocate(1)));
        }
        assertOops(module, "read of /dev/puppet0", "read", "PuppetNode.read");
        puppet.useFile();
        unloadLeavesNothing();
    }

    @Test
    public void inWrite() throws Exception {
        KernelModule module = insmod();
        try (OpenFile file = puppet.open()) {
            tear("write");
            assertEquals("EIO", Caller.outcomeOf(() -> file.write(ByteBuffer.allocate(1))));
            assertEquals("the same file goes on", 1, file.write(ByteBuffer.allocate(1)));
        }
        assertOops(module, "write of /dev/puppet0", "write", "PuppetNode.write");
        puppet.useFile();
        unloadLeavesNothing();
    }

    @Test
    public void inIoctl() throws Exception {
        KernelModule module = insmod();
        try (OpenFile file = puppet.open()) {
            tear("ioctl");
            assertEquals("EIO", Caller.outcomeOf(() -> Puppet.ioctl(file, Puppet.IOCTL)));
            assertEquals("the same file goes on", 0, Puppet.ioctl(file, Puppet.IOCTL));
        }
        assertOops(module, "ioctl of /dev/puppet0", "ioctl", "PuppetNode.ioctl");
        puppet.useFile();
        unloadLeavesNothing();
    }

    @Test
    public void inReleaseWhereTheCloserIsNotToldAsOnLinux() throws Exception {
        KernelModule module = insmod();
        OpenFile file = puppet.open();
        tear("release");

        file.close();

        assertOops(module, "release of /dev/puppet0", "release", "PuppetNode.release");
        assertEquals(0, module.users());
        puppet.useFile();
        unloadLeavesNothing();
    }

    @Test
    public void inAReleaseThatTheRemovalCalls() throws Exception {
        KernelModule module = insmod();
        try (OpenFile file = puppet.open()) {
            puppet.fail("release", words("forced release"));
            rig.kmod.rmmod(Credentials.ROOT, "puppet", true);
            assertEquals("ENODEV", Caller.outcomeOf(() -> file.read(ByteBuffer.allocate(1))));
        }
        assertOops(module, "release of /dev/puppet0", "forced release", "PuppetNode.release");
        assertEquals(before, rig.traces());
    }

    @Test
    public void inAnInterruptHandlerAndTheNextInterruptComes() throws Exception {
        KernelModule module = insmod();
        try (OpenFile file = puppet.open()) {
            tear("irq");
            Puppet.ioctl(file, Puppet.RAISE);
            Rig.await("the fault", () -> rig.logHasPart(words("irq")));
            CompletableFuture<String> next = puppet.during("irq", () -> {});
            Puppet.ioctl(file, Puppet.RAISE);
            assertEquals("ok", Puppet.end(next));
        }
        assertTrue(rig.logHasPart("Oops: interrupt handler puppet of irq"));
        assertTrue(module.isTainted());
        unloadLeavesNothing();
    }

    @Test
    public void inATimerAndTheNextTimerComes() throws Exception {
        insmod();
        try (OpenFile file = puppet.open()) {
            tear("timer");
            Puppet.ioctl(file, Puppet.START_TIMER);
            Rig.await("the fault", () -> rig.logHasPart(words("timer")));
            CompletableFuture<String> next = puppet.during("timer", () -> {});
            Puppet.ioctl(file, Puppet.START_TIMER);
            assertEquals("ok", Puppet.end(next));
        }
        unloadLeavesNothing();
    }

    @Test
    public void inProbeWhichIsNoFailureOfTheModule() throws Exception {
        tear("probe");

        KernelModule module = insmod();

        assertEquals("", Rig.driver(card));
        assertFalse(rig.exists(Puppet.NODE));
        assertOops(module, "probe of " + SLOT, "probe", "PuppetDriver.probe");
        assertTrue(rig.logHas("puppet: probe of " + SLOT + " failed with error -5 (java.lang.IllegalStateException: "
                + words("probe") + ")"));
        unloadLeavesNothing();
        insmod();
        assertEquals("puppet", Rig.driver(card));
    }

    @Test
    public void inRemoveAndTheDeviceIsFreedAllTheSame() throws Exception {
        KernelModule module = insmod();
        tear("remove");

        unloadLeavesNothing();

        assertOops(module, "remove of " + SLOT, "remove", "PuppetDriver.remove");
        insmod();
        assertEquals("puppet", Rig.driver(card));
        puppet.useFile();
    }
}
