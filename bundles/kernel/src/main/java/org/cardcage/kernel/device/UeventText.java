package org.cardcage.kernel.device;

import java.util.List;
import java.util.Map;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/** What the file {@code uevent} of an object shows and takes. */
final class UeventText {

    private static final List<String> ACTIONS =
            List.of("add", "remove", "change", "move", "online", "offline", "bind", "unbind");

    private UeventText() {}

    static String lines(Map<String, String> variables) {
        StringBuilder text = new StringBuilder();
        variables.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        return text.toString();
    }

    /**
     * The action asked for (Linux {@code kobject_synth_uevent}); what may follow it is not looked at.
     *
     * @throws KernelException EINVAL for an unknown one
     */
    static String action(String text) {
        String action = text.strip().split(" ", 2)[0];
        if (!ACTIONS.contains(action)) {
            throw new KernelException(Errno.EINVAL, "unknown uevent action " + action);
        }
        return action;
    }
}
