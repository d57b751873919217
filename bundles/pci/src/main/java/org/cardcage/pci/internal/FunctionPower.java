package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.OptionalInt;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.pci.PowerState;

/**
 * The power management capability of a function (PCI Power Management 1.2 section 3.2; Linux {@code pci_set_power_state}).
 * Threads: any; two that change the state of one function at once are their callers' mistake, as on Linux.
 */
final class FunctionPower {

    /** Times that a function needs, in nanoseconds (section 5.6.1; Linux {@code PCI_PM_D3HOT_WAIT}). */
    private static final long D3HOT_DELAY = 10_000_000;

    private static final long D2_DELAY = 200_000;

    private static final int HAS_D1 = 1 << 9;
    private static final int HAS_D2 = 1 << 10;
    private static final int PME_SHIFT = 11;

    private final PciFunction function;
    private final PciConfig config;
    private final OptionalInt capability;

    FunctionPower(PciFunction function, PciConfig config, Capabilities capabilities) {
        this.function = function;
        this.config = config;
        this.capability = capabilities.find(CAP_ID_POWER);
    }

    boolean isManaged() {
        return capability.isPresent();
    }

    PowerState state() {
        if (function.isGone()) {
            return PowerState.D3COLD;
        }
        return isManaged() ? PowerState.values()[control() & POWER_STATE_MASK] : PowerState.D0;
    }

    private int control() {
        return config.read(capability.getAsInt() + POWER_CONTROL, 2);
    }

    /** Writes the control register; its status bit stays as it is. */
    private void control(int value) {
        write(value & ~POWER_PME_STATUS);
    }

    private void write(int value) {
        config.write(capability.getAsInt() + POWER_CONTROL, 2, value, function::checkNotCutOff);
    }

    private int capabilities() {
        return config.read(capability.getAsInt() + POWER_CAPABILITIES, 2);
    }

    void set(PowerState wanted) {
        PowerState before = state();
        if (wanted == before) {
            return;
        }
        check(before, wanted);
        int control = control();
        control(control & ~POWER_STATE_MASK | wanted.ordinal());
        if (before == PowerState.D3HOT || wanted == PowerState.D3HOT) {
            pause(D3HOT_DELAY);
        } else if (before == PowerState.D2 || wanted == PowerState.D2) {
            pause(D2_DELAY);
        }
        if (state() != wanted) {
            function.log().info("Refused to change power state from {} to {}", before, wanted);
            throw new KernelException(Errno.EIO, function.name() + " stays in " + state() + " instead of " + wanted);
        }
        if (before == PowerState.D3HOT && (control & POWER_NO_SOFT_RESET) == 0) {
            function.regions().writeBases(config);
        }
    }

    private void check(PowerState before, PowerState wanted) {
        if (wanted == PowerState.D3COLD || before == PowerState.D3COLD) {
            throw new KernelException(Errno.EINVAL, function.name() + ": nobody can switch D3cold on or off here");
        }
        if (!isManaged()) {
            throw new KernelException(Errno.EIO, function.name() + " has no power management");
        }
        if (wanted != PowerState.D0 && before.compareTo(wanted) > 0) {
            throw new KernelException(
                    Errno.EINVAL,
                    "invalid power transition of " + function.name() + " from " + before + " to " + wanted);
        }
        boolean missing = wanted == PowerState.D1 && (capabilities() & HAS_D1) == 0
                || wanted == PowerState.D2 && (capabilities() & HAS_D2) == 0;
        if (missing) {
            throw new KernelException(Errno.EIO, function.name() + " has no state " + wanted);
        }
    }

    void pause(long nanos) {
        Kernel kernel = function.kernel();
        new WaitQueue(kernel, function.name() + " to change its power state")
                .awaitUninterruptibly(kernel.nanoTime() + nanos, () -> false);
    }

    boolean canWakeFrom(PowerState state) {
        return isManaged() && (capabilities() >> PME_SHIFT & 1 << state.ordinal()) != 0;
    }

    void enableWake(PowerState state, boolean enable) {
        if (enable && !canWakeFrom(state)) {
            throw new KernelException(Errno.EINVAL, function.name() + " cannot wake the machine from " + state);
        }
        if (isManaged()) {
            int control = control() & ~POWER_PME_ENABLE | (enable ? POWER_PME_ENABLE : 0);
            // the status bit is cleared by writing it, so that no old request counts
            write(control | POWER_PME_STATUS);
        }
    }

    /** Takes a wake-up request back; whether there was one (Linux {@code pci_check_pme_status}). */
    boolean takeWakeRequest() {
        boolean requested = isManaged() && (control() & POWER_PME_STATUS) != 0;
        if (requested) {
            write(control() & ~POWER_PME_ENABLE | POWER_PME_STATUS);
        }
        return requested;
    }

    /** Whether going to D3hot and back is a reset. */
    boolean resetsOnWake() {
        return isManaged() && (control() & POWER_NO_SOFT_RESET) == 0;
    }
}
