package org.cardcage.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.cardcage.kernel.Errno;
import org.cardcage.kmod.LoadedModule;
import org.cardcage.log.LogRecord;
import org.cardcage.pci.PciDevice;
import org.junit.Before;
import org.junit.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;

/** A driver that fails: in its making, which is the module's initialisation, or in its probe, which is not. */
public class FailingModuleIT extends OnBoard {

    @Configuration
    public Option[] configuration() throws Exception {
        return new Option[] {
            CardcageSystem.system(),
            CoreOptions.systemProperty("cardcage.test.module").value(BuiltModule.of("faulty"))
        };
    }

    @Before
    public void setUp() throws Exception {
        rig.card(SLOT);
    }

    private void insmod(String... parameters) {
        rig.insmod(System.getProperty("cardcage.test.module"), parameters);
    }

    @Test
    public void aFailedInitialisationHasItsErrnoAndLeavesNothing() throws Exception {
        rig.device(SLOT);
        List<String> before = rig.traces();

        assertEquals(Errno.ENOMEM, Rig.errnoOf(() -> insmod("fail_init=12")));
        assertEquals(Errno.EPERM, Rig.errnoOf(() -> insmod("fail_init=1")));

        assertEquals(before, rig.traces());
    }

    @Test
    public void theLogSaysOnceAndInOneLineWhyAnInitialisationHasFailed() throws Exception {
        rig.device(SLOT);
        long last = rig.kernel.log().records().stream()
                .mapToLong(LogRecord::sequence)
                .max()
                .orElse(-1);

        assertEquals(Errno.ENOSPC, Rig.errnoOf(() -> insmod("fail_init=28")));

        String cause = "org.cardcage.kernel.KernelException: ENOSPC: fail_init";
        Rig.await("the log service", () -> rig.logHasPart(cause));
        List<String> lines = rig.kernel.log().records().stream()
                .filter(record -> record.sequence() > last)
                .map(LogRecord::text)
                .toList();
        List<String> frames =
                lines.stream().filter(line -> line.startsWith("        at ")).toList();
        assertTrue(lines.toString(), frames.get(frames.size() - 1).contains("FaultyDriver.<init>"));
        List<String> others =
                lines.stream().filter(line -> !frames.contains(line)).toList();
        assertEquals(lines.toString(), 1, others.size());
        assertTrue(
                lines.toString(),
                others.get(0).startsWith("faulty: ") && others.get(0).endsWith(cause));
    }

    @Test
    public void aFailedProbeIsSaidAndKeepsTheModule() throws Exception {
        PciDevice card = rig.device(SLOT);

        insmod("fail_probe=5");

        assertEquals("", Rig.driver(card));
        assertEquals(
                List.of("faulty"),
                rig.kmod.loaded().stream().map(LoadedModule::name).toList());
        assertTrue(rig.logHas("faulty: probe of " + SLOT + " failed with error -5 (EIO: fail_probe)"));
        rig.rmmod("faulty");
        insmod();
        assertEquals("faulty", Rig.driver(card));
    }
}
