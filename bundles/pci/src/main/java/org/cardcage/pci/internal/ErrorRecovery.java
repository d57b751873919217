package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Driver;
import org.cardcage.pci.PciErrorHandlers;
import org.cardcage.pci.PciErrorHandlers.ChannelState;
import org.cardcage.pci.PciErrorHandlers.Result;

/**
 * Brings devices back to work after an error, with the help of their drivers (Linux {@code pcie_do_recovery}). Concerned is
 * all that is behind the same bridge as the function that had the error.
 *
 * <p>Threads: one lane of the core; drivers are called on the lanes of their devices.
 */
final class ErrorRecovery {

    private interface Step {
        Result run(PciErrorHandlers handlers, PciFunction function) throws Exception;
    }

    private final PciCore core;
    private final Kernel kernel;

    ErrorRecovery(PciCore core, Kernel kernel) {
        this.core = core;
        this.kernel = kernel;
    }

    /** @param fatal whether the link is not to be trusted before a reset */
    void recover(PciFunction failed, boolean fatal) {
        PciFunction bridge = failed.isBridge() ? failed : failed.bus().bridge();
        List<PciFunction> concerned = new ArrayList<>(bridge == null ? List.of(failed) : core.behind(bridge));
        Result result = tellAll(concerned, Result.CAN_RECOVER, fatal ? ChannelState.IO_FROZEN : ChannelState.IO_NORMAL);
        boolean reset = fatal || result == Result.NEED_RESET;
        if (result == Result.DISCONNECT || reset && bridge == null) {
            giveUp(failed, concerned);
            return;
        }
        if (reset) {
            resetBehind(bridge, concerned);
            result = askAll(concerned, Result.RECOVERED, PciErrorHandlers::slotReset);
        } else {
            result = askAll(concerned, Result.RECOVERED, PciErrorHandlers::mmioEnabled);
            if (result == Result.NEED_RESET && bridge != null) {
                resetBehind(bridge, concerned);
                result = askAll(concerned, Result.RECOVERED, PciErrorHandlers::slotReset);
            }
        }
        if (result != Result.RECOVERED) {
            giveUp(failed, concerned);
            return;
        }
        askAll(concerned, Result.NONE, (handlers, function) -> {
            handlers.resume(function);
            return Result.NONE;
        });
        failed.log().info("device recovery successful");
    }

    private void giveUp(PciFunction failed, List<PciFunction> concerned) {
        tellAll(concerned, Result.NONE, ChannelState.PERM_FAILURE);
        failed.log().error("device recovery failed");
    }

    /** Those without handlers cannot be helped, and so nobody behind the same bridge can. */
    private Result tellAll(List<PciFunction> concerned, Result first, ChannelState state) {
        Result result = first;
        for (PciFunction function : concerned) {
            Result answer = ask(function, (handlers, f) -> handlers.errorDetected(f, state));
            if (answer == null && !function.isBridge() && state != ChannelState.PERM_FAILURE) {
                function.log().info("can't recover (no error_detected callback)");
                return Result.DISCONNECT;
            }
            result = merged(result, answer);
        }
        return result;
    }

    private Result askAll(List<PciFunction> concerned, Result first, Step step) {
        Result result = first;
        for (PciFunction function : concerned) {
            result = merged(result, ask(function, step));
        }
        return result;
    }

    /** Linux {@code merge_result}. */
    private static Result merged(Result before, Result answer) {
        if (answer == null || answer == Result.NONE) {
            return before;
        }
        return switch (before) {
            case CAN_RECOVER, RECOVERED -> answer;
            case DISCONNECT -> answer == Result.NEED_RESET ? Result.NEED_RESET : before;
            default -> before;
        };
    }

    /** The answer of the function's driver; null if there is nobody to ask. */
    private Result ask(PciFunction function, Step step) {
        AtomicReference<Result> answer = new AtomicReference<>();
        try (Patience patience = new Patience(kernel)) {
            kernel.drivers().perform(function, patience.token(), driver -> {
                patience.token().check(); // too late
                handlers(driver).ifPresent(h -> answer.set(answerOf(function, h, step)));
            });
        } catch (KernelException e) {
            function.log().info("is left out of the recovery: {}", e.getMessage());
        }
        return answer.get();
    }

    private static Optional<PciErrorHandlers> handlers(Optional<Driver> driver) {
        return driver.flatMap(d -> ((DriverAdapter) d).errorHandlers());
    }

    private static Result answerOf(PciFunction function, PciErrorHandlers handlers, Step step) {
        Result[] answer = {Result.DISCONNECT};
        function.tell("error recovery", () -> answer[0] = step.run(handlers, function));
        return answer[0];
    }

    private void resetBehind(PciFunction bridge, List<PciFunction> concerned) {
        List<PciFunction> restored = new ArrayList<>(concerned);
        restored.stream()
                .filter(f -> !f.hasSavedState() && f.config().answers())
                .forEach(f -> unlessLost(f, f::saveState));
        bridge.resetting().resetSecondaryBus();
        // a bridge is restored before what is behind it can be reached
        Collections.reverse(restored);
        restored.forEach(f -> unlessLost(f, f::restoreState));
    }

    /** Who has been pulled or cut off meanwhile is not put back, and must not keep the others from it. */
    private static void unlessLost(PciFunction function, Runnable action) {
        try {
            action.run();
        } catch (KernelException e) {
            function.log().info("is left out of the recovery: {}", e.getMessage());
        }
    }
}
