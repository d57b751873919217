package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kernel.module.Modules;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;

class DriverModulesTest {

    private final Modules modules = new Modules(new SteppedScheduler());
    private final DriverModules drivers = new DriverModules(modules);

    @Test
    void twoDriversOfOneBundleShareItsModuleUntilBothHaveLeft() {
        KernelModule first = drivers.arrived(7, "bundle");
        KernelModule second = drivers.arrived(7, "bundle");
        assertThat(second).isSameAs(first);
        drivers.left(7);
        assertThat(modules.of(7, "bundle")).isSameAs(first);
        drivers.left(7);
        assertThat(modules.of(7, "bundle")).isNotSameAs(first);
    }
}
