package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which device of a driver is next. The caller holds the lock of the driver core. */
final class ProbeOrder {

    private ProbeOrder() {}

    /**
     * Whether the driver has still to probe a device that was found before this one. A driver takes its devices one after
     * the other in the order in which they were found, as on Linux, so that the first card is the first node.
     */
    static boolean isEarlierPending(Collection<Binding> all, Binding binding, Driver driver) {
        for (Binding earlier : all) {
            if (earlier == binding) {
                return false;
            }
            boolean wanted = earlier.present && earlier.bound == null && earlier.isBusy() && !earlier.overdue;
            if (wanted && !earlier.refused.contains(driver) && driver.matches(earlier.device)) {
                return true;
            }
        }
        return false;
    }

    /** For each driver the first of those devices that wait, if it may have its turn. */
    static List<Binding> next(Collection<Binding> all) {
        Set<Driver> seen = new HashSet<>();
        List<Binding> due = new ArrayList<>();
        for (Binding binding : all) {
            Driver driver = binding.waitsFor;
            if (driver != null && seen.add(driver) && binding.pending == 0 && !isEarlierPending(all, binding, driver)) {
                due.add(binding);
            }
        }
        return due;
    }
}
