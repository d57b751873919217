package org.cardcage.kmod.internal;

import java.util.List;
import java.util.stream.Collectors;
import org.cardcage.kmod.LoadedModule;

/** The text of {@code /proc/modules} (Linux {@code m_show} in {@code kernel/module/procfs.c}). */
final class ProcModules {

    /** Where the code is has no meaning here; Linux shows this to all but root. */
    private static final String NO_ADDRESS = "0x0000000000000000";

    /** Linux's letter for a kernel that has had an oops. */
    private static final String DIED = " (D)";

    private ProcModules() {}

    /** One line per module. */
    static String text(List<LoadedModule> modules) {
        return modules.stream().map(ProcModules::line).collect(Collectors.joining());
    }

    private static String line(LoadedModule module) {
        String usedBy = module.usedBy().isEmpty() ? "-" : String.join(",", module.usedBy()) + ",";
        return module.name() + " " + module.size() + " " + module.users() + " " + usedBy + " "
                + module.state().text() + " " + NO_ADDRESS + (module.tainted() ? DIED : "") + "\n";
    }
}
