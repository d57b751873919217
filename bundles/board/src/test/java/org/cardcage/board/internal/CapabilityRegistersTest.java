package org.cardcage.board.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cardcage.device.AcsCapability;
import org.cardcage.device.AdvancedFeaturesCapability;
import org.cardcage.device.AerCapability;
import org.cardcage.device.Bar;
import org.cardcage.device.BridgeHeader;
import org.cardcage.device.Capability;
import org.cardcage.device.ExpansionRom;
import org.cardcage.device.ExpressCapability;
import org.cardcage.device.ExpressCapability.Port;
import org.cardcage.device.ExpressCapability.Slot;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.MsiCapability;
import org.cardcage.device.MsixCapability;
import org.cardcage.device.PowerManagementCapability;
import org.cardcage.device.RegisterBits;
import org.cardcage.device.SerialNumberCapability;
import org.cardcage.device.SubsystemCapability;
import org.cardcage.device.VendorCapability;
import org.cardcage.machine.ErrorSeverity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CapabilityRegistersTest {

    private static ConfigSpace with(Capability... capabilities) {
        return new ConfigSpace(FunctionDescription.of(0x1234, 0x5678, 0x00ff00)
                .bars(Bar.memory32(0, 4096, 4))
                .capabilities(capabilities)
                .build());
    }

    /** Ids and offsets in the order of the list. */
    private static List<String> walk(ConfigSpace config) {
        List<String> found = new ArrayList<>();
        for (int at = config.read(0x34, 1); at != 0; at = config.read(at + 1, 1)) {
            found.add(String.format("%02x@%02x", config.read(at, 1), at));
        }
        for (int at = config.size() > 256 ? 0x100 : 0; at != 0; at = config.read(at + 2, 2) >>> 4) {
            found.add(String.format("%04x@%03x", config.read(at, 2), at));
        }
        return found;
    }

    @Test
    void listHasTheOrderOfTheDescriptionAndThePlacesAskedFor() {
        ConfigSpace config = with(
                PowerManagementCapability.basic(),
                new MsiCapability(0x50, 1, true),
                MsixCapability.of(4, 0),
                ExpressCapability.of(Port.ENDPOINT).at(0xa0),
                VendorCapability.of(0xab, 0xcd),
                new AdvancedFeaturesCapability(),
                new AerCapability(),
                SerialNumberCapability.of(0x0102030405060708L),
                new AcsCapability());

        assertThat(walk(config))
                .containsExactly(
                        "01@40", "05@50", "11@60", "10@a0", "09@48", "13@6c", "0001@100", "0003@148", "000d@154");
        assertThat(config.read(6, 2)).isEqualTo(0x10);
        assertThat(config.read(0x14c, 4)).isEqualTo(0x05060708);
        assertThat(config.read(0x150, 4)).isEqualTo(0x01020304);
        assertThat(config.read(0x4a, 1)).isEqualTo(5);
        assertThat(config.read(0x4b, 2)).isEqualTo(0xcdab);
        assertThat(config.read(0xffc, 4)).isZero();
    }

    @Test
    void functionWithoutExpressHas256Bytes() {
        assertThat(with(PowerManagementCapability.basic()).size()).isEqualTo(256);
        assertThat(with(ExpressCapability.of(Port.ENDPOINT)).size()).isEqualTo(4096);
    }

    @Test
    void whatDoesNotFitOrContradictsItselfIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(new MsiCapability(0x40, 1, true), new AdvancedFeaturesCapability(0x4c)))
                .withMessageContaining("0x4c overlaps");
        assertThatIllegalArgumentException().isThrownBy(() -> with(new AerCapability()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(ExpressCapability.of(Port.ENDPOINT), new AerCapability(0x200)))
                .withMessageContaining("0x100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(MsixCapability.of(1, 2)))
                .withMessageContaining("BAR 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(ExpressCapability.of(Port.ENDPOINT).withSlot(Slot.hotPlug(1))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(VendorCapability.of(new int[100]), VendorCapability.of(new int[100])));
        VendorCapability once = VendorCapability.of(1, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(once, once))
                .withMessageContaining("the same VendorCapability twice");
    }

    @Test
    void equalVendorCapabilitiesAreTwoEntriesOfTheList() {
        ConfigSpace config = with(VendorCapability.of(1, 2), VendorCapability.of(1, 2));

        int first = config.read(0x34, 1);
        int second = config.read(first + 1, 1);
        assertThat(second).isNotZero().isNotEqualTo(first);
        assertThat(config.read(second + 1, 1)).isZero();
    }

    @Test
    void aResetOfTheFunctionAloneKeepsWhatItsLinkHasAgreedOn() {
        ConfigSpace config = with(ExpressCapability.of(Port.ENDPOINT).at(0x40).withFunctionLevelReset());
        config.write(0x48, 2, 0x50ff & ~0xe0 | 0x20);
        config.write(0x50, 2, 0xffff);
        config.write(0x70, 2, 2);

        config.write(0x48, 2, 0x8020);
        assertThat(config.read(0x48, 2)).as("payload size").isEqualTo(0x2810 | 0x20);
        assertThat(config.read(0x50, 2)).as("link control").isEqualTo(0x1cb);
        assertThat(config.read(0x70, 2)).as("target speed").isEqualTo(2);

        config.reset(Reset.BUS);
        assertThat(config.read(0x48, 2)).isEqualTo(0x2810);
        assertThat(config.read(0x50, 2)).isZero();
        assertThat(config.read(0x70, 2)).isEqualTo(2);
        config.reset(Reset.POWER);
        assertThat(config.read(0x70, 2)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"8, 0", "24, 256"})
    void theWishToWakeSurvivesABusResetOnlyIfTheFunctionWakesWithoutPower(int pmeFrom, int expected) {
        ConfigSpace config = with(new PowerManagementCapability(0x40, false, false, pmeFrom, true));
        config.write(0x44, 2, 0x100);

        config.reset(Reset.BUS);

        assertThat(config.read(0x44, 2)).isEqualTo(expected);
        config.reset(Reset.POWER);
        assertThat(config.read(0x44, 2)).isZero();
    }

    @Test
    void expressCapabilitySaysWhatTheFunctionIs() {
        ConfigSpace port = with(
                ExpressCapability.of(Port.ROOT_PORT).at(0x40).withLink(3, 16).withSlot(new Slot(5, true, true, true)));

        assertThat(port.read(0x42, 2)).isEqualTo(0x0142);
        assertThat(port.read(0x4c, 4)).isEqualTo(0x0010_0103);
        assertThat(port.read(0x54, 4)).isEqualTo(5 << 19 | 1 << 18 | 0x61);
        assertThat(port.read(0x48, 2)).isEqualTo(0x2810);
        assertThat(port.read(0x6c, 4)).isEqualTo(0xe);
        ConfigSpace endpoint = with(ExpressCapability.of(Port.ENDPOINT).at(0x40).withFunctionLevelReset());
        assertThat(endpoint.read(0x42, 2)).isEqualTo(0x0002);
        assertThat(endpoint.read(0x44, 4)).isEqualTo(1 << 28 | 1 << 15);
    }

    @Test
    void slotShowsPresenceAndWhatHasChangedUntilSoftwareClearsIt() {
        ConfigSpace port =
                with(ExpressCapability.of(Port.DOWNSTREAM_PORT).at(0x40).withSlot(Slot.hotPlug(1)));

        port.express().setPresence(true);
        assertThat(port.express().pressAttentionButton()).isTrue();
        assertThat(port.read(0x5a, 2)).isEqualTo(0x149);
        assertThat(port.read(0x52, 2) & 1 << 13).isNotZero();

        port.write(0x5a, 2, 0x0008);
        assertThat(port.read(0x5a, 2)).isEqualTo(0x141);
        port.write(0x5a, 2, 0xffff);
        assertThat(port.read(0x5a, 2)).isEqualTo(0x40);
        port.write(0x58, 2, 0x400);
        assertThat(port.read(0x58, 2)).isEqualTo(0x400);
    }

    @ParameterizedTest
    @EnumSource(
            value = Port.class,
            names = {"UPSTREAM_PORT", "TO_PCI_BRIDGE"})
    void onlyDownwardPortsShowWhetherTheirLinkIsUp(Port kind) {
        ConfigSpace bridge = with(ExpressCapability.of(kind).at(0x40));

        bridge.express().setPresence(true);

        assertThat(bridge.read(0x52, 2) & 1 << 13).isZero();
    }

    @Test
    void aDoubleWordWriteToControlDoesNotClearStatusBitsThatItLeavesZero() {
        ConfigSpace port =
                with(ExpressCapability.of(Port.DOWNSTREAM_PORT).at(0x40).withSlot(Slot.hotPlug(1)));
        port.express().pressAttentionButton();

        port.write(0x58, 4, 0x0000_0400);

        assertThat(port.read(0x58, 4)).isEqualTo(0x0001_0400);
    }

    @Test
    void theFirstErrorIsTheFirstThatIsReported() {
        ConfigSpace config = with(ExpressCapability.of(Port.ENDPOINT), new AerCapability());

        assertThat(config.aer().uncorrectable(1 << 22)).as("masked").isEmpty();
        config.aer().uncorrectable(1 << 18);
        config.aer().uncorrectable(1 << 14);

        assertThat(config.read(0x118, 4) & 0x1f).isEqualTo(18);
    }

    @Test
    void errorsStayInTheAerRegistersThroughAReset() {
        ConfigSpace config = with(ExpressCapability.of(Port.ENDPOINT), new AerCapability());

        assertThat(config.aer().uncorrectable(1 << 14)).contains(ErrorSeverity.NON_FATAL);
        assertThat(config.aer().uncorrectable(1 << 18)).contains(ErrorSeverity.FATAL);
        assertThat(config.aer().uncorrectable(1 << 22)).isEmpty();
        assertThat(config.aer().correctable(1)).contains(ErrorSeverity.CORRECTABLE);
        config.reset(Reset.BUS);

        assertThat(config.read(0x104, 4)).isEqualTo(1 << 14 | 1 << 18 | 1 << 22);
        assertThat(config.read(0x118, 4) & 0x1f).isEqualTo(14);
        config.write(0x104, 4, 1 << 14);
        assertThat(config.read(0x104, 4)).isEqualTo(1 << 18 | 1 << 22);
        config.write(0x104, 4, -1);
        assertThat(config.read(0x104, 4)).isZero();
    }

    @Test
    void rootPortShowsTheFirstMessageAndThatThereWereMore() {
        ConfigSpace port = with(ExpressCapability.of(Port.ROOT_PORT), new AerCapability());

        port.aer().receive(ErrorSeverity.NON_FATAL, 0x0100);
        port.aer().receive(ErrorSeverity.FATAL, 0x0200);
        port.aer().receive(ErrorSeverity.CORRECTABLE, 0x0300);

        assertThat(port.read(0x130, 4)).isEqualTo(0b1101101);
        assertThat(port.read(0x134, 4)).isEqualTo(0x0100_0300);
    }

    @Test
    void bridgesHaveTheirSubsystemInACapabilityAndTheirRomElsewhere() {
        ConfigSpace bridge = new ConfigSpace(FunctionDescription.of(1, 2, 0x060400)
                .bridge(BridgeHeader.usual())
                .rom(new ExpansionRom(2048, ByteBuffer.allocate(1)))
                .capabilities(SubsystemCapability.of(0x1af4, 0x1100))
                .build());

        assertThat(bridge.read(0x44, 4)).isEqualTo(0x11001af4);
        bridge.write(0x38, 4, -1);
        assertThat(bridge.read(0x38, 4)).isEqualTo(0xfffff801);
        assertThat(bridge.read(0x30, 4)).isZero();
    }

    @Test
    void bytesCanBeWrongOnPurpose() {
        ConfigSpace config = new ConfigSpace(FunctionDescription.of(1, 2, 0)
                .msi(new MsiCapability(0x40, 1, true))
                .registers(RegisterBits.fixed(0x41, 1, 0x40), new RegisterBits(0x10, 4, 1, -1))
                .registers(RegisterBits.fixed(0x0e, 1, 0x7f))
                .build());

        assertThat(config.read(0x40, 2)).isEqualTo(0x4005);
        assertThat(config.read(0x0e, 1)).isEqualTo(0x7f);
        config.write(0x10, 4, -1);
        assertThat(config.read(0x10, 4)).isEqualTo(-1);
    }
}
