package org.cardcage.board.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.cardcage.board.internal.ConfigSpace.Effect;
import org.cardcage.device.BridgeHeader;
import org.cardcage.device.BridgeHeader.Io;
import org.cardcage.device.BridgeHeader.Prefetchable;
import org.cardcage.device.FunctionDescription;
import org.cardcage.machine.AddressRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BridgeHeaderTest {

    private final ConfigSpace bridge = bridge(BridgeHeader.usual());

    private static ConfigSpace bridge(BridgeHeader header) {
        return new ConfigSpace(
                FunctionDescription.of(0x1b36, 0x0001, 0x060400).bridge(header).build());
    }

    @ParameterizedTest
    @CsvSource({
        "04, 00000507",
        "0c, 000100ff",
        "18, ffffffff",
        "1c, 0000f0f0",
        "20, fff0fff0",
        "24, fff1fff1",
        "28, ffffffff",
        "2c, ffffffff",
        "30, 00000000",
        "34, 00000000",
        "38, 00000000",
        "3c, 0bff00ff"
    })
    void keepsOfAllOnesOnlyTheWritableBits(String offset, String value) {
        int at = Integer.parseInt(offset, 16);

        bridge.write(at, 4, -1);

        assertThat(Integer.toHexString(bridge.read(at, 4)))
                .isEqualTo(Integer.toHexString(Integer.parseUnsignedInt(value, 16)));
    }

    @Test
    void busNumbersAreWhatSoftwareWrote() {
        assertThat(bridge.write(0x18, 4, 0x00_07_02_01)).contains(Effect.BUS_NUMBERS);

        assertThat(bridge.read(0x18, 1)).isEqualTo(1);
        assertThat(bridge.bridge().secondaryBus()).isEqualTo(2);
        assertThat(bridge.bridge().subordinateBus()).isEqualTo(7);
        assertThat(bridge.write(0x1c, 2, 0)).doesNotContain(Effect.BUS_NUMBERS);
    }

    @Test
    void windowsAreClosedWhileBaseIsAboveLimit() {
        bridge.write(0x1c, 2, 0x00f0);
        bridge.write(0x20, 4, 0x0000_fff0);
        bridge.write(0x24, 4, 0x0000_fff0);

        assertThat(bridge.bridge().ioWindow()).isNull();
        assertThat(bridge.bridge().memoryWindow()).isNull();
        assertThat(bridge.bridge().prefetchWindow()).isNull();
    }

    @Test
    void windowsCoverWhatBaseAndLimitSay() {
        bridge.write(0x1c, 2, 0xc0b0);
        bridge.write(0x20, 4, 0xfd20_fd00);
        bridge.write(0x24, 4, 0x0010_0000);
        bridge.write(0x28, 4, 0x20);
        bridge.write(0x2c, 4, 0x21);

        assertThat(bridge.bridge().ioWindow()).isEqualTo(new AddressRange(0xb000, 0x2000));
        assertThat(bridge.bridge().memoryWindow()).isEqualTo(new AddressRange(0xfd00_0000L, 0x30_0000));
        assertThat(bridge.bridge().prefetchWindow()).isEqualTo(new AddressRange(0x20_0000_0000L, 0x1_0020_0000L));
    }

    @Test
    void wideIoWindowTakesItsUpperBits() {
        ConfigSpace wide = bridge(new BridgeHeader(Io.BITS_32, Prefetchable.BITS_32));
        wide.write(0x1c, 2, 0x1010);
        wide.write(0x30, 4, 0x0002_0001);
        wide.write(0x24, 4, 0xfe00_fe00);
        wide.write(0x28, 4, -1);

        assertThat(wide.read(0x1c, 2)).isEqualTo(0x1111);
        assertThat(wide.bridge().ioWindow()).isEqualTo(new AddressRange(0x1_1000, 0x1_1000));
        assertThat(wide.read(0x28, 4)).isZero();
        assertThat(wide.bridge().prefetchWindow()).isEqualTo(new AddressRange(0xfe00_0000L, 0x10_0000));
    }

    @Test
    void windowsThatTheBridgeLacksReadZeroAndAreClosed() {
        ConfigSpace poor = bridge(new BridgeHeader(Io.NONE, Prefetchable.NONE));
        for (int at = 0x1c; at < 0x34; at += 4) {
            poor.write(at, 4, -1);
        }

        assertThat(poor.read(0x1c, 2)).isZero();
        assertThat(poor.read(0x24, 4)).isZero();
        assertThat(poor.bridge().ioWindow()).isNull();
        assertThat(poor.bridge().prefetchWindow()).isNull();
    }

    @Test
    void statusBitsOfBothSidesAreClearedByWritingOnes() {
        bridge.setStatus(Header.RECEIVED_MASTER_ABORT | Header.SIGNALLED_TARGET_ABORT);
        bridge.setSecondaryStatus(Header.RECEIVED_TARGET_ABORT);

        bridge.write(0x04, 4, Header.RECEIVED_MASTER_ABORT << 16);

        assertThat(bridge.read(0x06, 2)).isEqualTo(Header.SIGNALLED_TARGET_ABORT);
        assertThat(bridge.read(0x1e, 2)).isEqualTo(Header.RECEIVED_TARGET_ABORT);
        bridge.write(0x1e, 2, -1);
        assertThat(bridge.read(0x1e, 2)).isZero();
    }

    @Test
    void bridgeControlHoldsTheBusBelowInReset() {
        assertThat(bridge.write(0x3e, 2, 0x40)).contains(Effect.BRIDGE_CONTROL);
        assertThat(bridge.holdsBelow()).isTrue();

        bridge.write(0x3e, 2, 0);
        assertThat(bridge.holdsBelow()).isFalse();
    }

    @Test
    void aResetOfTheBridgeTakesItsNumbersAndWindows() {
        bridge.write(0x18, 4, 0x00_07_02_01);
        bridge.write(0x24, 4, 0x0010_0000);

        bridge.reset(Reset.BUS);

        assertThat(bridge.bridge().secondaryBus()).isZero();
        assertThat(bridge.read(0x24, 4)).isEqualTo(0x0001_0001);
        assertThat(bridge.read(0x0e, 1)).isEqualTo(1);
    }
}
