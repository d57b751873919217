package org.cardcage.vfs.internal;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.vfs.PollEvent;
import org.cardcage.vfs.PollRequest;

/** One call of {@code poll(2)}: watches all files, then sleeps until one has an answer. Used by one thread. */
final class PollCall {

    private final Kernel kernel;
    private final List<PollRequest> files;
    private final WaitQueue changed;

    PollCall(Kernel kernel, List<PollRequest> files) {
        this.kernel = kernel;
        this.files = files;
        changed = new WaitQueue(kernel, "one of the polled files");
    }

    /**
     * @param deadline in the time of the kernel
     * @return what holds of each file; nothing anywhere if the time is over
     * @throws org.cardcage.kernel.KernelException EINTR on interrupt
     */
    List<Set<PollEvent>> await(long deadline) {
        List<Runnable> watches = new ArrayList<>();
        try {
            if (deadline > kernel.nanoTime()) {
                files.forEach(request -> watches.add(request.file().watch(changed::wakeUp)));
            }
            List<Set<PollEvent>> answers = new ArrayList<>();
            changed.await(new CancelToken(), deadline, () -> look(answers));
            return answers;
        } finally {
            watches.forEach(Runnable::run);
        }
    }

    /** Whether there is an answer. */
    private boolean look(List<Set<PollEvent>> answers) {
        answers.clear();
        boolean any = false;
        for (PollRequest request : files) {
            Set<PollEvent> told = EnumSet.noneOf(PollEvent.class);
            for (PollEvent event : request.file().poll()) {
                if (event.isAlwaysTold() || request.events().contains(event)) {
                    told.add(event);
                    any = true;
                }
            }
            answers.add(told);
        }
        return any;
    }
}
