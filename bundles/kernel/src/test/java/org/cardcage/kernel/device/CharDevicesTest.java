package org.cardcage.kernel.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;

class CharDevicesTest {

    private final CharDevices devices = new CharDevices(new SteppedScheduler());
    private final NodeOperations operations = new NodeOperations() {};

    private CharDeviceSpec named(String name) {
        return CharDeviceSpec.of(name, "edu", 0600, operations);
    }

    @Test
    void dynamicMajorsCountDownFrom254() {
        assertThat(devices.registerRegion("a")).isEqualTo(254);
        assertThat(devices.registerRegion("b")).isEqualTo(253);
        devices.unregisterRegion(254);
        assertThat(devices.registerRegion("c")).isEqualTo(254);
        assertThat(devices.regions()).isEqualTo(Map.of(253, "b", 254, "c"));
    }

    @Test
    void aTakenMajorIsBusyAndNamesItsOwner() {
        devices.registerRegion(10, "misc");
        assertThatThrownBy(() -> devices.registerRegion(10, "mine"))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY))
                .hasMessageContaining("misc");
    }

    @Test
    void aClassTakesTheLowestFreeNumberAndItsMajorGoesWithTheLastDevice() {
        CharDevice first = devices.reserveNext("edu%d", this::named);
        CharDevice second = devices.reserveNext("edu%d", this::named);
        assertThat(first.name()).isEqualTo("edu0");
        assertThat(second.name()).isEqualTo("edu1");
        assertThat(second.major()).isEqualTo(first.major());
        devices.remove(first, Scheduler.NEVER);
        assertThat(devices.reserveNext("edu%d", this::named).name()).isEqualTo("edu0");
        devices.remove(devices.reserveNext("edu%d", this::named), Scheduler.NEVER);
        assertThat(devices.regions()).containsValue("edu");
    }

    @Test
    void listenersHearOfWhatIsThereAlready() {
        devices.add(1, 3, named("null"));
        List<String> heard = new ArrayList<>();
        devices.addListener(new CharDevices.Listener() {
            @Override
            public void added(CharDevice device) {
                heard.add("+" + device.name());
            }

            @Override
            public void removed(CharDevice device) {
                heard.add("-" + device.name());
            }
        });
        CharDevice zero = devices.add(1, 5, named("zero"));
        devices.remove(zero, Scheduler.NEVER);
        devices.remove(zero, Scheduler.NEVER);
        assertThat(heard).containsExactly("+null", "+zero", "-zero");
    }

    @Test
    void openFilesKeepTheModuleUntilTheDeviceGoes() {
        KernelModule module = new KernelModule("edu");
        CharDevice device = devices.add(
                254,
                0,
                new CharDeviceSpec(
                        "edu0", "edu", 0600, Optional.empty(), Optional.empty(), Optional.of(module), operations));
        boolean[] told = {false};
        device.opened(() -> told[0] = true);
        assertThat(module.users()).isEqualTo(1);
        assertThatThrownBy(() -> module.beginUnload(false)).hasMessageStartingWith("EAGAIN");
        devices.remove(device, Scheduler.NEVER);
        assertThat(told[0]).isTrue();
        assertThat(module.users()).isZero();
        assertThatThrownBy(() -> device.opened(() -> {})).hasMessageStartingWith("ENXIO");
        assertThatThrownBy(() -> device.gate().enter(new CancelToken())).hasMessageStartingWith("ENODEV");
    }

    @Test
    void aModuleThatGoesCannotBeOpenedAnyMore() {
        KernelModule module = new KernelModule("edu");
        CharDevice device = devices.add(
                254,
                0,
                new CharDeviceSpec(
                        "edu0", "edu", 0600, Optional.empty(), Optional.empty(), Optional.of(module), operations));
        module.beginUnload(false);
        assertThatThrownBy(() -> device.opened(() -> {})).hasMessageStartingWith("ENXIO");
    }
}
