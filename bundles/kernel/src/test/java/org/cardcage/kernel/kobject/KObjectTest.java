package org.cardcage.kernel.kobject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;

class KObjectTest {

    private final Kernel kernel = new Kernel(new KernelLog(), new SteppedScheduler());
    private final KObjects objects = kernel.objects();
    private final KernelModule module = new KernelModule("edu");
    private final AttributeOwner owner = new AttributeOwner(kernel, module);
    private final CancelToken call = new CancelToken();

    @Test
    void aLinkGoesUpToWhatBothPathsShareAndDownAgain() {
        KObject device = objects.directory("devices/pci0000:00/0000:00:04.0");
        KObject driver = objects.directory("bus/pci/drivers/edu");
        device.link("driver", driver);
        driver.link("0000:00:04.0", device);

        assertThat(device.lookup("driver")).contains(new KObjectLink(device, driver));
        assertThat(new KObjectLink(device, driver).text()).isEqualTo("../../../bus/pci/drivers/edu");
        assertThat(new KObjectLink(driver, device).text()).isEqualTo("../../../../devices/pci0000:00/0000:00:04.0");
    }

    @Test
    void aNameIsTakenByWhateverHasItFirst() {
        KObject bus = objects.directory("bus/pci");
        bus.show("", new AttributeGroup<>(List.of(TextAttribute.readOnly("version", s -> "1\n"))), owner);

        assertThatThrownBy(() -> bus.add("version")).hasMessageStartingWith("EEXIST");
        assertThatThrownBy(() -> bus.link("version", bus)).hasMessageStartingWith("EEXIST");
        assertThatThrownBy(() -> objects.directory("bus/pci/version")).hasMessageStartingWith("EEXIST");
        bus.add("drivers");
        assertThatThrownBy(() -> bus.add("drivers")).hasMessageStartingWith("EEXIST");
    }

    @Test
    void onlyVisibleAttributesAreThere() {
        KObject object = objects.directory("devices/one");
        object.show(
                5,
                new AttributeGroup<Integer>(List.of(
                        TextAttribute.<Integer>readOnly("big", n -> n + "\n").visibleIf(n -> n > 10),
                        TextAttribute.<Integer>readOnly("small", n -> n + "\n").visibleIf(n -> n < 10))),
                owner);

        assertThat(object.entries()).containsOnlyKeys("small");
        assertThat(object.lookup("big")).isEmpty();
        assertThat(file(object, "small").show(call)).isEqualTo("5\n");
    }

    @Test
    void whatIsRemovedTakesAlongWhatIsBelowItAndAnswersEnodev() {
        List<String> changes = new ArrayList<>();
        KObject object = objects.directory("devices/one");
        KObject below = object.add("below");
        below.show("x", new AttributeGroup<>(List.of(TextAttribute.<String>readOnly("text", s -> s))), owner);
        AttributeFile file = file(below, "text");
        objects.addListener(new KObjects.Listener() {
            @Override
            public void added(KObject directory, String name) {
                changes.add("+" + directory + "/" + name);
            }

            @Override
            public void removed(KObject directory, String name) {
                changes.add("-" + directory + "/" + name);
            }
        });

        object.remove();
        object.remove();

        assertThat(objects.directory("devices").entries()).isEmpty();
        assertThatThrownBy(() -> file.show(call)).hasMessageStartingWith("ENODEV");
        assertThatThrownBy(() -> object.add("again")).hasMessageStartingWith("ENOENT");
        assertThat(changes).containsExactly("-/sys/devices/one/below", "-/sys/devices/one");
    }

    @Test
    void aFaultInAnAttributeTaintsItsModuleAndIsEio() {
        KObject object = objects.directory("devices/one");
        object.show(
                "x",
                new AttributeGroup<>(List.of(TextAttribute.<String>readOnly("bad", s -> {
                    throw new IllegalStateException("planted");
                }))),
                owner);

        assertThatThrownBy(() -> file(object, "bad").show(call)).hasMessageStartingWith("EIO");
        assertThat(module.isTainted()).isTrue();
    }

    @Test
    void anOwnerThatLeavesRefusesCallers() {
        AtomicReference<String> stored = new AtomicReference<>();
        KObject object = objects.directory("devices/one");
        object.show(
                stored,
                new AttributeGroup<AtomicReference<String>>(
                        List.of(TextAttribute.writeOnly("set", (s, text, cancel) -> s.set(text)))),
                owner);
        AttributeFile file = file(object, "set");
        file.store("1\n", call);
        owner.shut();

        assertThatThrownBy(() -> file.store("2\n", call)).hasMessageStartingWith("ENODEV");
        assertThat(stored).hasValue("1\n");
        assertThat(owner.drain(0)).isTrue();
    }

    private static AttributeFile file(KObject object, String name) {
        return (AttributeFile) object.lookup(name).orElseThrow();
    }
}
