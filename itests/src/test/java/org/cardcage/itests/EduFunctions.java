package org.cardcage.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.inject.Inject;
import org.cardcage.edu.uapi.CalcFact;
import org.cardcage.edu.uapi.EduIoctl;
import org.cardcage.kernel.Errno;
import org.cardcage.pci.PciDevice;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/**
 * What the EDU driver and its card do, whatever the card is made of: these tests run on the board in Java and on QEMU, with the same module.
 * Subclasses say no more than which machine it is.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public abstract class EduFunctions {
    static final String FIRST = "0000:00:04.0";
    static final String SECOND = "0000:00:05.0";

    /** System property with the URL of the driver's jar. */
    static final String MODULE = "cardcage.test.module";

    private static final List<OpenFlag> BOTH = List.of(OpenFlag.READ, OpenFlag.WRITE);

    @Inject
    BundleContext context;

    Rig rig;

    /** The system with the shipped driver at hand. */
    static Option system() throws Exception {
        return CoreOptions.composite(
                CardcageSystem.system(),
                CoreOptions.systemProperty(MODULE).value(CardcageSystem.jar("org.cardcage.edu.driver")));
    }

    /** Makes the machine, with an EDU card in each of the two slots. Does not wait for it. */
    abstract void machine() throws Exception;

    @Before
    public final void powerOn() throws Exception {
        rig = new Rig(context);
        machine();
        rig.device(FIRST);
        rig.device(SECOND);
    }

    @After
    public final void powerOff() throws Exception {
        rig.clear();
    }

    private void insmod(String... parameters) {
        rig.insmod(System.getProperty(MODULE), parameters);
    }

    private OpenFile open(String node, OpenFlag... flags) {
        return rig.files.open(Credentials.ROOT, node, Set.of(flags), 0);
    }

    private OpenFile openBoth(String node) {
        return open(node, BOTH.toArray(OpenFlag[]::new));
    }

    private String cat(String path) {
        try (OpenFile file = open(path, OpenFlag.READ)) {
            ByteBuffer text = ByteBuffer.allocate(1 << 16);
            int count = file.read(text);
            while (count > 0) {
                count = file.read(text);
            }
            return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
        }
    }

    private void echo(String text, String node) {
        try (OpenFile file = open(node, OpenFlag.WRITE)) {
            file.write(ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.US_ASCII)));
        }
    }

    private static int calculate(OpenFile file, int operand) {
        ByteBuffer out = ByteBuffer.allocate(CalcFact.SIZE);
        file.ioctl(EduIoctl.CALC_FACT, CalcFact.of(operand).toBuffer(), out);
        return CalcFact.from(out.flip()).result();
    }

    /** How often the interrupts of a node have come, by {@code /proc/interrupts}; null if it has none. */
    private Integer interrupts(String node) {
        return cat("/proc/interrupts")
                .lines()
                .filter(line -> line.endsWith(" " + node))
                .map(line -> Integer.valueOf(line.strip().split("\\s+")[1]))
                .findFirst()
                .orElse(null);
    }

    private String interruptLine(String node) {
        return cat("/proc/interrupts")
                .lines()
                .filter(line -> line.endsWith(" " + node))
                .findFirst()
                .orElse("");
    }

    @Test
    public void eachCardTellsItsIdentification() {
        insmod();

        assertEquals("0x010000ed\n", cat("/dev/edu0"));
        assertEquals("0x010000ed\n", cat("/dev/edu1"));
        assertEquals("0x010000ed\n", cat("/dev/edu"));
    }

    @Test
    public void aFactorialIsComputedAndToldByOneMessage() {
        insmod();

        echo("5", "/dev/edu0");

        assertEquals("120\n", cat("/dev/edu0"));
        assertEquals("0x010000ed\n", cat("/dev/edu0"));
        assertTrue(interruptLine("edu0"), interruptLine("edu0").contains("PCI-MSI"));
        assertEquals(Integer.valueOf(1), interrupts("edu0"));
        assertEquals(Integer.valueOf(0), interrupts("edu1"));
    }

    @Test
    public void withoutMessagesTheLineTellsAndFallsAgain() {
        insmod("intx=1");

        for (int round = 1; round <= 5; round++) {
            echo("6", "/dev/edu0");
            assertEquals("720\n", cat("/dev/edu0"));
        }

        assertTrue(interruptLine("edu0"), interruptLine("edu0").contains("IO-APIC  11-fasteoi"));
        assertTrue("a level may be told more than once", interrupts("edu0") >= 5);
        assertEquals("the other pin goes to another line", Integer.valueOf(0), interrupts("edu1"));
    }

    @Test
    public void factorialsWrapAt32Bits() {
        insmod();

        try (OpenFile file = openBoth("/dev/edu0")) {
            int expected = 1;
            for (int operand = 0; operand <= 40; operand++) {
                expected *= Math.max(1, operand);
                assertEquals("factorial of " + operand, expected, calculate(file, operand));
            }
        }
    }

    @Test
    public void theIoctlTellsTheIdentification() {
        insmod();

        try (OpenFile file = openBoth("/dev/edu1")) {
            ByteBuffer id = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(0, file.ioctl(EduIoctl.GET_ID, ByteBuffer.allocate(0), id));
            assertEquals(0x010000ed, id.flip().getInt());
            assertEquals(
                    Errno.ENOTTY,
                    Rig.errnoOf(() -> file.ioctl(0x1234, ByteBuffer.allocate(0), ByteBuffer.allocate(0))));
        }
    }

    @Test
    public void position8IsTheFactorialRegister() {
        insmod();

        try (OpenFile file = openBoth("/dev/edu0")) {
            ByteBuffer operand = ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(7)
                    .flip();
            assertEquals(4, file.pwrite(operand, 8));
            ByteBuffer result = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(4, file.pread(result, 8));
            assertEquals(5040, result.flip().getInt());
            assertEquals(Errno.EINVAL, Rig.errnoOf(() -> file.pread(ByteBuffer.allocate(2), 8)));
        }
    }

    @Test
    public void badNumbersAreRefusedAndTheCardGoesOn() {
        insmod();

        assertEquals(Errno.EINVAL, Rig.errnoOf(() -> echo("five", "/dev/edu0")));
        assertEquals(Errno.ERANGE, Rig.errnoOf(() -> echo("99999999999", "/dev/edu0")));

        echo("0x4", "/dev/edu0");
        assertEquals("24\n", cat("/dev/edu0"));
    }

    @Test
    public void aSleepingReaderIsWokenByTheResult() throws Exception {
        insmod("read_mode=2");
        List<String> read = new ArrayList<>();

        Caller reader = new Caller("reader", () -> {
            try (OpenFile file = open("/dev/edu0", OpenFlag.READ)) {
                ByteBuffer text = ByteBuffer.allocate(64);
                read.add(new String(text.array(), 0, file.read(text), StandardCharsets.US_ASCII));
            }
        });
        Rig.await("the reader to sleep", () -> reader.sleepsIn("EduCard"));
        echo("10", "/dev/edu0");

        assertEquals("ok", reader.outcome());
        assertEquals(List.of("3628800\n"), read);
    }

    @Test
    public void aSleepingReaderIsWokenByTheEndOfTheModule() throws Exception {
        insmod("read_mode=2");
        Caller reader = new Caller("reader", () -> {
            try (OpenFile file = open("/dev/edu0", OpenFlag.READ)) {
                file.read(ByteBuffer.allocate(64));
            }
        });
        Rig.await("the reader to sleep", () -> reader.sleepsIn("EduCard"));

        assertEquals(Errno.EAGAIN, Rig.errnoOf(() -> rig.rmmod("edu")));
        rig.kmod.rmmod(Credentials.ROOT, "edu", true);

        assertEquals("ENODEV", reader.outcome());
        assertFalse(rig.exists("/dev/edu0"));
    }

    @Test
    public void computationsOfManyThreadsNeverMixUp() throws Exception {
        insmod();
        Map<Integer, Integer> factorials = Map.of(3, 6, 4, 24, 5, 120, 6, 720);
        List<Caller> users = new ArrayList<>();

        factorials.forEach((operand, factorial) -> users.add(new Caller("user", () -> {
            String node = operand % 2 == 0 ? "/dev/edu0" : "/dev/edu1";
            try (OpenFile file = openBoth(node)) {
                for (int round = 0; round < 50; round++) {
                    assertEquals(factorial.intValue(), calculate(file, operand));
                }
            }
        })));

        for (Caller user : users) {
            assertEquals("ok", user.outcome());
        }
        assertEquals(Integer.valueOf(100), interrupts("edu0"));
        assertEquals(Integer.valueOf(100), interrupts("edu1"));
    }

    @Test
    public void loadedAndUnloadedAgainTheModuleLeavesNothing() {
        for (int round = 0; round < 5; round++) {
            insmod();
            echo("4", "/dev/edu1");
            assertEquals("24\n", cat("/dev/edu1"));
            rig.rmmod("edu");
            assertEquals("", interruptLine("edu1"));
            assertFalse(rig.exists("/dev/edu1"));
        }
    }

    @Test
    public void aTransferGoesThroughTheCardAndInterrupts() throws Exception {
        byte[] bytes = new byte[1000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7);
        }
        try (EduDma dma = new EduDma(rig, rig.device(FIRST))) {
            byte[] back = dma.thereAndBack(bytes);

            assertArrayEquals(bytes, back);
            assertEquals("one for each way", 2, dma.interrupts());
        }
    }

    @Test
    public void configurationSpaceIsTheDatasheets() {
        PciDevice card = rig.device(SECOND);

        assertEquals(0x11e8_1234, card.readConfig(0x00, 4));
        assertEquals(0x10, card.readConfig(0x08, 1));
        assertEquals(0x00ff00, card.readConfig(0x08, 4) >>> 8);
        assertEquals(0x1100_1af4, card.readConfig(0x2c, 4));
        assertEquals(1, card.readConfig(0x3d, 1));
        assertEquals(0x05, card.readConfig(card.readConfig(0x34, 1), 1));
        assertEquals(0x10_0000, card.bars().get(0).length());
    }
}
