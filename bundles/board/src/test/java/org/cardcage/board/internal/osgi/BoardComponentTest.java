package org.cardcage.board.internal.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.cardcage.board.Board;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.MachineDescription.HostBridge;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoardComponentTest {

    private static Board build(Map<String, Object> set) {
        BoardConfiguration configuration = (BoardConfiguration) Proxy.newProxyInstance(
                BoardConfiguration.class.getClassLoader(),
                new Class<?>[] {BoardConfiguration.class},
                (proxy, method, arguments) -> set.getOrDefault(method.getName(), method.getDefaultValue()));
        return BoardComponent.build(new SteppedScheduler(), configuration);
    }

    @Test
    void aConfigurationSaysWhichBridgesABoardHas() {
        Board board = build(Map.of("root__buses", new String[] {"80", "1:00"}, "bridges", new String[] {
            "00:1c.0=pcie-root-port",
            "00:1c.0/00.0=x3130-upstream",
            "00:1c.0/00.0/00.0 = xio3130-downstream",
            "80:05.0=pci-bridge",
            "1:00:01.0=isa-bridge",
            "1:00:02.0=pcie-pci-bridge"
        }));
        board.powerOn();

        assertThat(board.address("00:1c.0/00.0/00.0")).contains(FunctionAddress.parse("02:00.0"));
        assertThat(board.readConfig(FunctionAddress.parse("80:05.0"), 0, 4)).isEqualTo(0x00011b36);
        assertThat(board.readConfig(FunctionAddress.parse("1:00:02.0"), 0x18, 4))
                .isEqualTo(0x010100);
        assertThat(board.readConfig(FunctionAddress.parse("00:00.0"), 0, 4)).isEqualTo(0x12378086);
    }

    @ParameterizedTest
    @CsvSource({
        "00:1c.0, PLACE=KIND",
        "00:1c.0=agp, agp",
        "1c.0/00.0=pci-bridge, nothing sits at 0000:00:1c.0",
        "40.0=pci-bridge, 40"
    })
    void aWrongBridgeIsRefusedByName(String bridge, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build(Map.of("bridges", new String[] {bridge})))
                .withMessageContaining(said);
    }

    @Test
    void aSlotHasTheNumberThatIsSaidWhateverBusItIsOn() {
        Board board = build(Map.of(
                "bridges",
                        new String[] {
                            "00:1c.0=pcie-root-port", "00:1c.0/00.0=pcie-pci-bridge", "00:1c.0/00.0/01.0=isa-bridge"
                        },
                "physical__slots", new String[] {"00:1c.0/00.0/01.0=7", "00:05.0=5"}));

        assertThat(board.physicalSlot(FunctionAddress.parse("02:01.0"))).isEmpty();
        board.powerOn();

        assertThat(board.physicalSlot(FunctionAddress.parse("02:01.0"))).hasValue(7);
        assertThat(board.physicalSlot(FunctionAddress.parse("02:01.3")))
                .as("the same slot")
                .hasValue(7);
        assertThat(board.physicalSlot(FunctionAddress.parse("01:00.0"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"00:05.0", "00:05.0=x", "=5", "zz=5"})
    void aWrongNumberOfASlotIsRefused(String slot) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build(Map.of("physical__slots", new String[] {slot})))
                .withMessageContaining(slot.replaceFirst("=.*", ""));
    }

    @Test
    void aRootBusCanBeGivenItsAddressesAndTheFirstOneHasTheRest() {
        Board board = build(Map.of("firmware__has__run", true, "root__buses", new String[] {
            "80 mem c0000000-cfffffff port 8000-8fff mem 8000000000-80ffffffff", "1:0"
        }));

        List<HostBridge> hosts = board.description().hostBridges();
        assertThat(board.description().firmwareHasRun()).isTrue();
        assertThat(hosts).extracting(HostBridge::domain).containsExactly(0, 0, 1);
        assertThat(hosts.get(0).lastBus()).isEqualTo(0x7f);
        assertThat(hosts.get(0).memory().toString())
                .isEqualTo("[0x10000000-0xbfffffff, 0xd0000000-0xfebfffff, 0x100000000-0x10ffffffff]");
        assertThat(hosts.get(0).ports().toString())
                .isEqualTo("[0x00000000-0x00000cf7, 0x00000d00-0x00007fff, 0x00009000-0x0000ffff]");
        assertThat(hosts.get(1).memory().toString()).isEqualTo("[0xc0000000-0xcfffffff, 0x8000000000-0x80ffffffff]");
        assertThat(hosts.get(2).memory()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "100", "80 mem", "80 mem 10-", "80 memory 0-1", "80 mem 20-10"})
    void aWrongRootBusIsRefused(String root) {
        assertThatIllegalArgumentException().isThrownBy(() -> build(Map.of("root__buses", new String[] {root})));
    }
}
