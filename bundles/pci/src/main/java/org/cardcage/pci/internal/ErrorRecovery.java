package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.DeviceControl;
import org.cardcage.kernel.device.Driver;
import org.cardcage.pci.PciErrorHandlers;
import org.cardcage.pci.PciErrorHandlers.ChannelState;
import org.cardcage.pci.PciErrorHandlers.Result;

/**
 * Brings devices back to work after an error, with the help of their drivers (Linux {@code pcie_do_recovery}, {@code
 * Documentation/PCI/pci-error-recovery.rst}). Concerned is all that is behind the same bridge as the function that had the
 * error. A driver that does not answer in time counts as one that gives up; it hears of the end when it comes back.
 *
 * <p>Threads: one lane of the core; drivers are called on the lanes of their devices, side by side in each step. While a bus
 * is reset, the lanes of all devices on it are at rest.
 */
final class ErrorRecovery {

    private interface Step {
        Result run(PciErrorHandlers handlers, PciFunction function) throws Exception;
    }

    private final PciTopology topology;
    private final Kernel kernel;
    private final DeviceControl control;

    ErrorRecovery(PciTopology topology, Kernel kernel) {
        this.topology = topology;
        this.kernel = kernel;
        this.control = kernel.drivers().control();
    }

    /** @param fatal whether the link is not to be trusted before a reset */
    void recover(PciFunction failed, boolean fatal) {
        PciFunction bridge =
                failed.isExpressDownstream() ? failed : failed.bus().bridge();
        List<PciFunction> concerned = bridge == null ? List.of(failed) : topology.behind(bridge);
        PciFunction speaker = bridge == null ? failed : bridge;
        if (isRecovered(bridge, concerned, fatal)) {
            speaker.log().info("AER: device recovery successful");
        } else {
            giveUp(concerned);
            speaker.log().info("AER: device recovery failed");
        }
    }

    private boolean isRecovered(PciFunction bridge, List<PciFunction> concerned, boolean fatal) {
        for (PciFunction function : concerned) {
            if (function.channelState() == ChannelState.PERM_FAILURE) {
                function.log().info("AER: can't recover (given up before)");
                return false;
            }
        }
        Result result = detected(concerned, fatal ? ChannelState.IO_FROZEN : ChannelState.IO_NORMAL);
        boolean reset = fatal && result != Result.DISCONNECT;
        if (fatal && !reset(bridge, concerned)) {
            return false;
        }
        if (!fatal && result == Result.CAN_RECOVER) {
            result = ask(concerned, Result.RECOVERED, PciErrorHandlers::mmioEnabled);
        }
        if (!fatal && result == Result.NEED_RESET) {
            if (!reset(bridge, concerned)) {
                return false;
            }
            reset = true;
        }
        if (reset) {
            concerned.forEach(function -> function.setChannelState(ChannelState.IO_NORMAL));
            result = ask(concerned, Result.RECOVERED, PciErrorHandlers::slotReset);
        }
        if (result != Result.RECOVERED) {
            return false;
        }
        concerned.forEach(function -> function.setChannelState(ChannelState.IO_NORMAL));
        ask(concerned, Result.NONE, (handlers, function) -> {
            handlers.resume(function);
            return Result.NONE;
        });
        return true;
    }

    /** Those without handlers cannot be helped, and so nobody behind the same bridge can (Linux: NO_AER_DRIVER). */
    private Result detected(List<PciFunction> concerned, ChannelState state) {
        concerned.forEach(function -> function.setChannelState(state));
        Map<PciFunction, Result> answers =
                answers(concerned, (handlers, function) -> handlers.errorDetected(function, state));
        Result result = Result.CAN_RECOVER;
        boolean helpless = false;
        for (PciFunction function : concerned) {
            Result answer = answers.get(function);
            if (answer == null && !function.isBridge() && !function.isGone()) {
                function.log().info("AER: can't recover (no error_detected callback)");
                helpless = true;
            }
            result = merged(result, answer);
        }
        return helpless ? Result.DISCONNECT : result;
    }

    private Result ask(List<PciFunction> concerned, Result first, Step step) {
        Map<PciFunction, Result> answers = answers(concerned, step);
        Result result = first;
        for (PciFunction function : concerned) {
            result = merged(result, answers.get(function));
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

    /** What the drivers that have handlers say. */
    private Map<PciFunction, Result> answers(List<PciFunction> concerned, Step step) {
        Map<PciFunction, Result> answers = new ConcurrentHashMap<>();
        List<PciFunction> late = control.performAll(
                concerned,
                deadline(),
                (function, driver) ->
                        handlers(driver).ifPresent(h -> answers.put(function, answerOf(function, h, step))));
        Map<PciFunction, Result> inTime = new ConcurrentHashMap<>(answers);
        for (PciFunction function : late) {
            function.log().error("AER: the driver does not answer, it is given up");
            inTime.put(function, Result.DISCONNECT);
        }
        return inTime;
    }

    private long deadline() {
        return kernel.nanoTime() + kernel.removeTimeout();
    }

    private static Optional<PciErrorHandlers> handlers(Optional<Driver> driver) {
        return driver.flatMap(d -> ((DriverAdapter) d).errorHandlers());
    }

    private static Result answerOf(PciFunction function, PciErrorHandlers handlers, Step step) {
        Result[] answer = {Result.DISCONNECT};
        function.tell("error recovery", () -> answer[0] = step.run(handlers, function));
        return answer[0] == null ? Result.DISCONNECT : answer[0];
    }

    /** Resets the bus, or the function alone if it has no bridge above it; whether that was possible. */
    private boolean reset(PciFunction bridge, List<PciFunction> concerned) {
        List<PciFunction> held = new ArrayList<>(concerned);
        if (bridge != null) {
            held.add(bridge);
        }
        try {
            boolean done = control.performTogether(held, deadline(), () -> {
                if (bridge == null) {
                    concerned.forEach(function -> function.resetting().resetAlone());
                } else {
                    bridge.resetting().resetBehind(concerned);
                }
            });
            if (!done) {
                kernel.logger("pci").error("AER: a driver does not come to rest, nothing is reset");
            }
            return done;
        } catch (KernelException e) {
            kernel.logger("pci").warn("AER: subordinate device reset failed: {}", e.getMessage());
            return false;
        }
    }

    /** Also for those who do not answer just now; each is told once. */
    private void giveUp(List<PciFunction> concerned) {
        for (PciFunction function : concerned) {
            if (function.channelState() == ChannelState.PERM_FAILURE) {
                continue;
            }
            function.setChannelState(ChannelState.PERM_FAILURE);
            control.performLater(
                    function,
                    driver -> handlers(driver)
                            .ifPresent(h -> function.tell(
                                    "error recovery", () -> h.errorDetected(function, ChannelState.PERM_FAILURE))));
        }
    }
}
