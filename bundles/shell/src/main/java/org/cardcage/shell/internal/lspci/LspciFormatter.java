package org.cardcage.shell.internal.lspci;

import java.util.List;

/**
 * The text of {@code lspci}, as pciutils 3.9 prints it.
 *
 * <p>Threads: immutable.
 */
public final class LspciFormatter {

    private final PciNames names;
    private final boolean domains;
    private final boolean kernel;

    /**
     * @param ids where names come from
     * @param numeric how often {@code -n} was given
     * @param domains whether domain numbers are shown ({@code -D}); they always are if there is more than domain 0
     * @param kernel whether drivers and modules are shown ({@code -k})
     */
    public LspciFormatter(PciIds ids, int numeric, boolean domains, boolean kernel) {
        this.names = new PciNames(ids, PciNames.Style.of(numeric));
        this.domains = domains;
        this.kernel = kernel;
    }

    /**
     * The listing of those functions that pass the filter.
     *
     * @param all all functions, by address
     */
    public String list(List<PciFunction> all, LspciFilter filter) {
        boolean showDomain = domains || all.stream().anyMatch(f -> f.address().domain() != 0);
        StringBuilder text = new StringBuilder();
        for (PciFunction f : all) {
            if (filter.matches(f)) {
                terse(text, f, showDomain);
                if (kernel) {
                    subsystem(text, f);
                    kernel(text, f);
                }
            }
        }
        return text.toString();
    }

    private void terse(StringBuilder text, PciFunction f, boolean showDomain) {
        String slot = f.address().toString();
        text.append(showDomain ? slot : slot.substring(slot.indexOf(':') + 1));
        text.append(' ').append(names.classCode(f.classCode()));
        text.append(": ").append(names.device(f.vendor(), f.device()));
        int revision = f.revision();
        if (revision != 0) {
            text.append(String.format(" (rev %02x)", revision));
        }
        text.append('\n');
    }

    private void subsystem(StringBuilder text, PciFunction f) {
        f.subsystem()
                .ifPresent(s -> text.append("\tSubsystem: ")
                        .append(names.subsystem(f, s))
                        .append('\n'));
    }

    private static void kernel(StringBuilder text, PciFunction f) {
        f.driver()
                .ifPresent(
                        d -> text.append("\tKernel driver in use: ").append(d).append('\n'));
        if (!f.modules().isEmpty()) {
            text.append("\tKernel modules: ")
                    .append(String.join(", ", f.modules()))
                    .append('\n');
        }
    }
}
