package org.cardcage.kernel.kobject;

import java.util.List;
import java.util.function.Supplier;
import org.cardcage.kernel.CallGate;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;

/**
 * Whose code some attributes are. It knows who is inside that code, so that a module can leave once nobody is (Linux's active
 * references of kernfs).
 *
 * <p>Threads: any.
 */
public final class AttributeOwner {

    private final Kernel kernel;
    private final KernelModule module;
    private final CallGate gate;

    public AttributeOwner(Kernel kernel, KernelModule module) {
        this.kernel = kernel;
        this.module = module;
        this.gate = new CallGate(kernel.scheduler(), "attributes of " + module.name());
    }

    /**
     * Runs {@code code}; a fault in it is an oops of the module.
     *
     * @throws KernelException what {@code code} throws; EIO after an oops; ENODEV after {@link #shut}
     */
    <R> R call(String where, CancelToken cancel, Supplier<R> code) {
        gate.enter(cancel);
        try {
            return code.get();
        } catch (KernelException e) {
            throw e;
        } catch (Throwable t) { // a fault of foreign code is contained
            kernel.oops(module, where, t);
            throw new KernelException(Errno.EIO, where + " has failed", t);
        } finally {
            gate.leave(cancel);
        }
    }

    /** Refuses callers from now on with ENODEV and wakes those inside. */
    public void shut() {
        gate.shut(Errno.ENODEV);
    }

    /** Waits until nobody is inside, or until {@code deadline}; whether nobody is. */
    public boolean drain(long deadline) {
        return gate.drain(deadline);
    }

    /** The threads inside just now. */
    public List<Thread> callers() {
        return gate.callers();
    }
}
