package org.cardcage.qemu;

import org.cardcage.machine.Machine;
import org.cardcage.machine.Scheduler;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A PC whose silicon is QEMU's: the functions are the devices of a QEMU process in which no CPU runs.
 *
 * <pre>{@code
 * QemuMachine machine = QemuMachine.builder(scheduler)
 *         .arguments("-device", "edu,addr=4")
 *         .firmware(m -> new Firmware(m, reporter).run())
 *         .start();
 * }</pre>
 *
 * <p>What QEMU's bus answers is passed on: unclaimed memory reads as zeros. Interrupt lines are told as they change; messages (MSI with
 * one vector, and MSI-X) are found in RAM after each access and each millisecond while a vector is connected. Each access, also a
 * write, waits for QEMU, some hundredths of a millisecond.
 *
 * <p>If QEMU ends or does not answer any more, that is the surprise removal of all functions: the listeners are told, reads
 * give all ones, writes vanish, and nobody waits for anything.
 *
 * <p>Threads: any. Interrupts and events come from threads of their own; the scheduler must be a live one.
 */
@ProviderType
public interface QemuMachine extends Machine, AutoCloseable {

    /** Begins a machine. */
    static QemuBuilder builder(Scheduler scheduler) {
        return new QemuBuilder(scheduler);
    }

    /**
     * Lets virtual time pass, and with it what QEMU's devices do by their clock. At the return that is done.
     *
     * @param nanos more than 0
     * @throws IllegalStateException if time follows the scheduler's
     */
    void step(long nanos);

    /** The child process. */
    ProcessHandle process();

    /** Ends QEMU; for those who still use the machine, all functions have gone. */
    @Override
    void close();
}
