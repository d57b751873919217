package org.cardcage.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.cardcage.kernel.Errno;
import org.cardcage.machine.Machine;
import org.cardcage.qemu.QemuMachine;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;

/** QEMU is killed under a system that uses it. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class QemuDeathIT {
    private static final long PATIENCE_SECONDS = 30;
    /** Longer than any test waits: whoever hangs in a removal is found out. */
    private static final long NEVER_SECONDS = 60;

    @Inject
    BundleContext context;

    private Rig rig;

    @Configuration
    public Option[] configuration() throws Exception {
        return new Option[] {EduFunctions.system(), QemuCards.installed()};
    }

    @Before
    public void powerOn() throws Exception {
        rig = new Rig(context);
        machine();
    }

    @After
    public void powerOff() throws Exception {
        rig.clear();
    }

    private void machine() throws Exception {
        QemuCards.powerOn(context, rig);
        rig.device(EduFunctions.FIRST);
        rig.device(EduFunctions.SECOND);
    }

    private void insmod(String... parameters) {
        rig.insmod(System.getProperty(EduFunctions.MODULE), parameters);
    }

    private ProcessHandle qemu() throws InterruptedException {
        ServiceTracker<Machine, Machine> machines = new ServiceTracker<>(context, Machine.class, null);
        machines.open();
        return ((QemuMachine) machines.waitForService(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS))).process();
    }

    @Test
    public void everythingIsGoneAndNobodyHangs() throws Exception {
        rig.removeTimeout(TimeUnit.SECONDS.toMillis(NEVER_SECONDS));
        insmod("read_mode=2");
        OpenFile idle = rig.files.open(Credentials.ROOT, "/dev/edu1", Set.of(OpenFlag.READ, OpenFlag.WRITE), 0);
        Caller reader = new Caller("reader", () -> {
            try (OpenFile file = rig.files.open(Credentials.ROOT, "/dev/edu0", Set.of(OpenFlag.READ), 0)) {
                file.read(ByteBuffer.allocate(64));
            }
        });
        Rig.await("the reader to sleep", () -> reader.sleepsIn("EduCard"));

        qemu().destroyForcibly();

        assertEquals("ENODEV", reader.outcome());
        Rig.await("all functions to go", () -> rig.bus.devices().isEmpty());
        Rig.await("the nodes to go", () -> !rig.exists("/dev/edu0") && !rig.exists("/dev/edu1"));
        assertEquals(Errno.ENODEV, Rig.errnoOf(() -> idle.read(ByteBuffer.allocate(64))));
        assertTrue(rig.logHasPart("all functions have gone: QEMU has ended with status 137"));
        assertFalse(rig.kernel.modules().find("edu").orElseThrow().isTainted());

        long before = System.nanoTime();
        idle.close();
        rig.rmmod("edu");
        assertTrue(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before) < PATIENCE_SECONDS);
    }

    @Test
    public void theNextMachineComesUpWhereTheDeadOneWas() throws Exception {
        insmod();
        qemu().destroyForcibly();
        Rig.await("all functions to go", () -> rig.bus.devices().isEmpty());

        rig.clearMachines();
        // a configuration of the same name that comes at once may be taken for the deleted one
        Rig.await("the dead machine to be withdrawn", () -> context.getServiceReference(Machine.class) == null);
        machine();

        Rig.await("the driver to have its cards again", () -> rig.exists("/dev/edu0") && rig.exists("/dev/edu1"));
    }

    @Test
    public void aMachineThatIsTakenAwayLeavesNoProcess() throws Exception {
        insmod();
        ProcessHandle child = qemu();
        assertTrue(child.isAlive());

        rig.clearMachines();

        child.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Rig.await("all functions to go", () -> rig.bus.devices().isEmpty());
        rig.rmmod("edu");
    }
}
