package org.cardcage.edu.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.cardcage.edu.device.EduDevice;
import org.cardcage.edu.device.EduOptions;
import org.cardcage.edu.uapi.CalcFact;
import org.cardcage.edu.uapi.EduIoctl;
import org.cardcage.kernel.device.ProbeOutcome;
import org.cardcage.machine.SleepsForEverException;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.pci.PciBus;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.Whence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole way from the card's registers to a file, on stepped time. */
class EduDriverTest {

    private static final long ONE_SECOND = 1_000_000_000L;
    private static final EduOptions CARD = EduOptions.DEFAULT;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Lab lab = new Lab(scheduler);

    @AfterEach
    void end() {
        lab.close();
    }

    private Lab loaded() throws InterruptedException {
        lab.withCards(CARD).insmod();
        return lab;
    }

    private OpenFile open(OpenFlag... flags) {
        return lab.open("/dev/edu0", flags);
    }

    private static ByteBuffer space(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void catGivesTheIdentificationAndEnds() throws Exception {
        loaded();
        assertThat(lab.cat("/dev/edu0")).isEqualTo("0x010000ed\n");
        assertThat(lab.cat("/dev/edu")).isEqualTo("0x010000ed\n");
    }

    @Test
    void afterAnEchoTheNextCatGivesTheFactorialOnce() throws Exception {
        loaded();
        lab.echo("5", "/dev/edu0");
        assertThat(lab.cat("/dev/edu0")).isEqualTo("120\n");
        assertThat(lab.cat("/dev/edu0")).isEqualTo("0x010000ed\n");
        lab.echo("13", "/dev/edu0");
        assertThat(lab.cat("/dev/edu0")).isEqualTo("1932053504\n");
    }

    @Test
    void aReaderSleepsUntilTheCardIsDone() throws Exception {
        lab.withCards(CARD.withFactorialDelay(ONE_SECOND)).insmod();
        lab.echo("10", "/dev/edu0");
        assertThat(scheduler.nanoTime()).isZero();
        assertThat(lab.cat("/dev/edu0")).isEqualTo("3628800\n");
        assertThat(scheduler.nanoTime()).isEqualTo(ONE_SECOND);
    }

    @Test
    void aWriterWaitsWhileTheCardComputes() throws Exception {
        lab.withCards(CARD.withFactorialDelay(ONE_SECOND)).insmod();
        lab.echo("3", "/dev/edu0");
        lab.echo("4", "/dev/edu0");
        assertThat(scheduler.nanoTime()).isEqualTo(ONE_SECOND);
        assertThat(lab.cat("/dev/edu0")).isEqualTo("24\n");
    }

    @Test
    void worksOverTheLineWhereThereAreNoMessages() throws Exception {
        lab.withCardOnTheLineOnly(CARD.withFactorialDelay(ONE_SECOND)).insmod();
        assertThat(lab.dmesg()).anyMatch(line -> line.endsWith("INTx irq 11"));
        lab.echo("6", "/dev/edu0");
        assertThat(lab.cat("/dev/edu0")).isEqualTo("720\n");
        lab.echo("5", "/dev/edu0");
        assertThat(lab.cat("/dev/edu0")).isEqualTo("120\n");
        assertThat(lab.cat("/proc/interrupts")).contains(" 11:          2   IO-APIC  11-fasteoi   edu0");
    }

    @Test
    void readMode2AlwaysWaitsForAResult() throws Exception {
        lab.withCards(CARD).insmod(Map.of("read_mode", "2"));
        assertThatThrownBy(() -> lab.cat("/dev/edu0"))
                .isInstanceOf(SleepsForEverException.class)
                .hasMessageContaining("sleeps for ever: the EDU card's result");
        scheduler.schedule(ONE_SECOND, () -> lab.echo("6", "/dev/edu0"));
        try (OpenFile file = open(OpenFlag.READ)) {
            ByteBuffer four = space(4);
            assertThat(file.read(four)).isEqualTo(4);
            assertThat(Lab.text(four.flip())).isEqualTo("720\n");
        }
    }

    @Test
    void nonBlockingReadsAndWritesSayEagain() throws Exception {
        lab.withCards(CARD.withFactorialDelay(ONE_SECOND)).insmod(Map.of("read_mode", "2"));
        try (OpenFile file = open(OpenFlag.READ, OpenFlag.WRITE, OpenFlag.NONBLOCK)) {
            assertThatThrownBy(() -> file.read(space(64))).hasMessageStartingWith("EAGAIN");
            file.write(Lab.line("5"));
            assertThatThrownBy(() -> file.write(Lab.line("6"))).hasMessageStartingWith("EAGAIN");
            scheduler.advance(ONE_SECOND);
            assertThat(file.pread(space(64), 0)).isEqualTo(4);
        }
    }

    @Test
    void aTextIsContinuedWhereTheLastReadHasEnded() throws Exception {
        loaded();
        try (OpenFile file = open(OpenFlag.READ)) {
            ByteBuffer all = space(64);
            all.limit(8);
            assertThat(file.read(all)).isEqualTo(8);
            all.limit(64);
            assertThat(file.read(all)).as("position 8 continues the text").isEqualTo(3);
            assertThat(file.read(all)).isZero();
            assertThat(Lab.text(all.flip())).isEqualTo("0x010000ed\n");
            assertThat(file.llseek(0, Whence.SET)).isZero();
            assertThat(file.read(space(2))).isEqualTo(2);
        }
    }

    @Test
    void onOneFileAWriteIsFollowedByItsResult() throws Exception {
        loaded();
        try (OpenFile file = open(OpenFlag.READ, OpenFlag.WRITE)) {
            ByteBuffer text = space(64);
            assertThat(file.write(Lab.line("5"))).isEqualTo(2);
            assertThat(file.read(text)).isEqualTo(4);
            assertThat(Lab.text(text.flip())).isEqualTo("120\n");
            assertThat(file.read(space(64))).isZero();
        }
    }

    @Test
    void position8IsTheFactorialRegister() throws Exception {
        lab.withCards(CARD.withFactorialDelay(ONE_SECOND)).insmod();
        try (OpenFile file = open(OpenFlag.READ, OpenFlag.WRITE)) {
            ByteBuffer operand = space(4).putInt(7).flip();
            assertThat(file.pwrite(operand, 8)).isEqualTo(4);
            ByteBuffer result = space(4);
            assertThat(file.pread(result, 8)).isEqualTo(4);
            assertThat(result.flip().getInt()).isEqualTo(5040);
            assertThat(scheduler.nanoTime()).isEqualTo(ONE_SECOND);
            assertThat(file.pread(space(64), 0))
                    .as("the text knows nothing of it")
                    .isEqualTo(11);
            assertThatThrownBy(() -> file.pread(space(2), 8)).hasMessageStartingWith("EINVAL");
            assertThatThrownBy(() -> file.pwrite(space(8), 8)).hasMessageStartingWith("EINVAL");
        }
    }

    @Test
    void otherPositionsAreEinval() throws Exception {
        loaded();
        try (OpenFile file = open(OpenFlag.READ, OpenFlag.WRITE)) {
            for (long position : List.of(1L, 4L, 0x20L, 1L << 40)) {
                assertThatThrownBy(() -> file.pread(space(4), position)).hasMessageStartingWith("EINVAL");
                assertThatThrownBy(() -> file.pwrite(Lab.line("5"), position)).hasMessageStartingWith("EINVAL");
            }
        }
    }

    @Test
    void badNumbersGetTheErrnoOfTheReferenceDriver() throws Exception {
        loaded();
        Map.of(
                        "abc",
                        "EINVAL",
                        "-1",
                        "EINVAL",
                        "99999999999",
                        "ERANGE",
                        "",
                        "EINVAL",
                        "5 5",
                        "EINVAL",
                        "0x" + "0".repeat(40) + "5",
                        "EINVAL")
                .forEach((text, errno) -> assertThatThrownBy(() -> lab.echo(text, "/dev/edu0"))
                        .as(text)
                        .hasMessageStartingWith(errno));
        assertThat(lab.cat("/dev/edu0")).isEqualTo("0x010000ed\n");
    }

    @Test
    void ioctlsGiveTheIdentificationAndComputeInOneCall() throws Exception {
        lab.withCards(CARD.withFactorialDelay(ONE_SECOND)).insmod();
        try (OpenFile file = open(OpenFlag.READ, OpenFlag.WRITE)) {
            ByteBuffer id = space(4);
            assertThat(file.ioctl(EduIoctl.GET_ID, space(0), id)).isZero();
            assertThat(id.flip().getInt()).isEqualTo(0x010000ed);
            ByteBuffer out = space(CalcFact.SIZE);
            assertThat(file.ioctl(EduIoctl.CALC_FACT, CalcFact.of(5).toBuffer(), out))
                    .isZero();
            assertThat(CalcFact.from(out.flip())).isEqualTo(new CalcFact(5, 120));
            assertThatThrownBy(() -> file.ioctl(0x1234, space(0), space(0))).hasMessageStartingWith("ENOTTY");
        }
        assertThat(lab.cat("/dev/edu0")).as("an ioctl leaves no result behind").isEqualTo("0x010000ed\n");
    }

    @Test
    void theNodeIsACharacterDeviceOfRoot() throws Exception {
        loaded();
        FileStatus status = lab.vfs.stat(Credentials.ROOT, "/dev/edu0");
        assertThat(status.type()).isEqualTo(FileType.CHAR_DEVICE);
        assertThat(status.permissions()).isEqualTo(0600);
        assertThat(status.minor()).isZero();
        assertThat(lab.cat("/proc/devices")).contains(String.format("%3d edu%n", status.major()));
    }

    @Test
    void theKernelLogNamesLoadProbeAndRemove() throws Exception {
        lab.withCards(CARD);
        lab.insmod().unregister();
        assertThat(lab.dmesg())
                .anyMatch(
                        line -> line.matches(
                                "edu 0000:00:04\\.0: edu0: id 0x010000ed, BAR0 \\[mem 0x[0-9a-f]{8}-0x[0-9a-f]{8}], MSI irq 24"))
                .contains("edu 0000:00:04.0: edu0: removed")
                .noneMatch(line -> line.contains("did not release"));
    }

    @Test
    void afterTheRemovalNothingIsLeft() throws Exception {
        lab.withCards(CARD);
        PciBus.Registration registration = lab.insmod();
        assertThat(registration.unregister()).isTrue();
        assertThat(lab.exists("/dev/edu0")).isFalse();
        assertThat(lab.exists("/dev/edu")).isFalse();
        assertThat(lab.cat("/proc/devices")).doesNotContain("edu");
        assertThat(lab.cat("/proc/interrupts")).doesNotContain("edu");
        assertThat(lab.pci.device(Lab.SLOT).orElseThrow().resources().held()).isEmpty();
        assertThat(lab.module.isTainted()).isFalse();
    }

    @Test
    void loadingAgainWorksAsTheFirstTime() throws Exception {
        lab.withCards(CARD);
        for (int round = 0; round < 20; round++) {
            PciBus.Registration registration = lab.insmod();
            lab.echo("5", "/dev/edu0");
            assertThat(lab.cat("/dev/edu0")).isEqualTo("120\n");
            registration.unregister();
        }
    }

    @Test
    void aComputationLeftRunningDoesNotDisturbTheNextDriver() throws Exception {
        lab.withCards(CARD.withFactorialDelay(ONE_SECOND));
        PciBus.Registration first = lab.insmod();
        lab.echo("9", "/dev/edu0");
        first.unregister();
        lab.insmod();
        lab.echo("5", "/dev/edu0");
        assertThat(lab.cat("/dev/edu0")).isEqualTo("120\n");
    }

    @Test
    void anOpenFileKeepsTheModuleAndAnswersEnodevAfterTheRemoval() throws Exception {
        lab.withCards(CARD);
        PciBus.Registration registration = lab.insmod();
        OpenFile file = open(OpenFlag.READ);
        assertThat(lab.module.users()).isEqualTo(1);
        assertThatThrownBy(() -> lab.module.beginUnload(false)).hasMessageStartingWith("EAGAIN");
        registration.unregister();
        assertThatThrownBy(() -> file.read(space(4))).hasMessageStartingWith("ENODEV");
        file.close();
        assertThat(lab.module.users()).isZero();
    }

    @Test
    void twoCardsHaveTheirOwnNodesAndTheLinkLeadsToTheFirst() throws Exception {
        lab.withCards(CARD, CARD).insmod();
        lab.echo("5", "/dev/edu0");
        lab.echo("6", "/dev/edu1");
        assertThat(lab.cat("/dev/edu1")).isEqualTo("720\n");
        assertThat(lab.vfs.readlink(Credentials.ROOT, "/dev/edu")).isEqualTo("edu0");
        assertThat(lab.cat("/dev/edu")).isEqualTo("120\n");
        lab.board.unplug(Lab.SLOT);
        lab.settle();
        assertThat(lab.exists("/dev/edu0")).isFalse();
        assertThat(lab.vfs.readlink(Credentials.ROOT, "/dev/edu")).isEqualTo("edu1");
    }

    @Test
    void withoutCardsTheDriverIsLoadedAndIdle() throws Exception {
        lab.withCards();
        PciBus.Registration registration = lab.insmod();
        assertThat(lab.exists("/dev/edu0")).isFalse();
        assertThat(registration.unregister()).isTrue();
    }

    @Test
    void aCardPluggedAfterTheDriverIsProbed() throws Exception {
        lab.withCards();
        lab.insmod();
        lab.board.plug(Lab.SLOT, new EduDevice(CARD));
        lab.settle();
        assertThat(lab.cat("/dev/edu0")).isEqualTo("0x010000ed\n");
        assertThat(lab.pci.device(Lab.SLOT).orElseThrow().lastProbe().kind()).isEqualTo(ProbeOutcome.Kind.BOUND);
    }
}
